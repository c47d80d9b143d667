package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.resilience.Action;
import org.medbackup.resilience.Past;

class RunCheckpointTest {

    private static final RunHold.Announced BACKUP = new RunHold.Announced(CopyLedger.REPOSITORY, "0a".repeat(16));

    private static void comesBack(RunCheckpoint checkpoint) {
        assertThat(RunCheckpoint.read(checkpoint.toBytes())).isEqualTo(checkpoint);
    }

    @Test
    void theNextWorkerReadsWhatOneHasWritten() {
        comesBack(RunCheckpoint.NOTHING);
        comesBack(new RunCheckpoint(List.of(BACKUP)));
        var past = new Past(7, Set.of(Action.SPILL, Action.RETRY), Map.of("store-silent", 6, "no-space", 1));
        var until = Instant.parse("2026-11-27T02:00:00.123Z");
        comesBack(new RunCheckpoint(List.of(BACKUP), new RunHold.PutOff(past, until)));
        comesBack(new RunCheckpoint(List.of(), new RunHold.PutOff(Past.NOTHING, until)));
    }

    @Test
    void whatALaterVersionAddsIsPassedOver() {
        byte[] later = ("!colour blue\n" + BACKUP.ticket() + "@vault\n").getBytes(StandardCharsets.UTF_8);

        assertThat(RunCheckpoint.read(later).announced())
                .containsExactly(new RunHold.Announced("vault", BACKUP.ticket()));
    }

    @Test
    void theLastAnnouncementsFitIntoACheckpointOfAState() {
        List<RunHold.Announced> many = new ArrayList<>();
        for (int number = 0; number < 2_000; number++) {
            many.add(new RunHold.Announced("a-target-of-a-long-name", "%032x".formatted(number)));
        }
        var checkpoint = new RunCheckpoint(many);

        assertThat(checkpoint.toBytes()).hasSizeLessThan(64 << 10);
        assertThat(checkpoint.announced()).endsWith(many.getLast());
        comesBack(checkpoint);
    }
}
