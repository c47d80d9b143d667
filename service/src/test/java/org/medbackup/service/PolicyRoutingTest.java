package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.policy.BuiltInPolicy;

/** What a policy names and this site does not have. */
class PolicyRoutingTest {

    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");

    private static PolicyRouting routing(boolean chosen, Set<String> tiers, Set<String> domains) {
        var inForce = new PolicyInForce(BuiltInPolicy.HOSPITAL.policy(), chosen ? NOW : null, List.of());
        return PolicyRouting.of(inForce, tiers, domains, 30, NOW);
    }

    private static Placement of(PolicyRouting routing) {
        byte[] note = "Patient MRN: 00482913 DOB: 1961-04-02".getBytes(StandardCharsets.UTF_8);
        var facts = new FileFacts(PathBytes.of("/srv/note.txt"), note.length, NOW, 0, 0, 0);
        return routing.place(facts, () -> ByteBuffer.wrap(note));
    }

    @Test
    void aTierThatLiesAtNoTargetIsTheRepositoryItself() {
        assertThat(of(routing(false, Set.of(), Set.of("default", "clinical"))).tier())
                .isEqualTo(Placement.DEFAULT.tier());
        assertThat(of(routing(false, Set.of("vault"), Set.of("default", "clinical")))
                        .tier())
                .isEqualTo("vault");
    }

    @Test
    void whereNobodyHasChosenAPolicyAKeyDomainThatWasNotMadeIsTheFirst() {
        assertThat(of(routing(false, Set.of(), Set.of("default"))).keyDomain()).isEqualTo("default");
        assertThat(of(routing(false, Set.of(), Set.of("default", "clinical"))).keyDomain())
                .isEqualTo("clinical");
    }

    @Test
    void aChosenPolicyKeepsItsKeyDomainSoThatItsLackIsNoticed() {
        assertThat(of(routing(true, Set.of(), Set.of("default"))).keyDomain()).isEqualTo("clinical");
    }

    @Test
    void onlyAPolicyThatSomebodyChoseMovesFiles() {
        assertThat(routing(false, Set.of(), Set.of()).reviewDays()).isZero();
        assertThat(routing(true, Set.of(), Set.of()).reviewDays()).isEqualTo(30);
    }

    @Test
    void locksAndDigestAreThoseOfThePolicy() {
        PolicyRouting routing = routing(false, Set.of(), Set.of());

        assertThat(routing.digest()).isEqualTo(BuiltInPolicy.HOSPITAL.policy().digest());
        assertThat(routing.lockGeneration("chart")).isPositive().isLessThanOrEqualTo(routing.lockGeneration());
        assertThat(routing.lockGeneration("operational")).isZero();
        assertThat(of(routing).lockGeneration()).isEqualTo(routing.lockGeneration("chart"));
    }
}
