package org.medbackup.core.spi.place;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.medbackup.core.PathBytes;

class PlacementPolicyTest {

    @Test
    void withoutAPolicyEverythingGoesToOnePlaceUnread() {
        PlacementPolicy single = PlacementPolicy.single();
        var facts = new FileFacts(PathBytes.of("/srv/a.dcm"), 10, Instant.EPOCH, 0, 0, 0100644);

        Placement placement = single.place(facts, () -> {
            throw new AssertionError("nobody needs the file's content");
        });

        assertThat(placement).isEqualTo(Placement.DEFAULT);
        assertThat(placement).isEqualTo(new Placement("default", "primary", "default", 0));
        assertThat(single.lockGeneration()).isZero();
        assertThat(single.lockGeneration("default")).isZero();
        assertThat(single.digest()).isEqualTo("0".repeat(64));
        assertThat(facts.path()).hasToString("/srv/a.dcm");
    }
}
