package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.medbackup.apps.FreezeWitness;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.governor.Governor;
import org.medbackup.governor.Limits;
import org.medbackup.governor.ProcessorFence;

/** The kernel's fence of this process, and that it holds up no frozen application. */
class FenceTest {

    private static final FreezeWitness.Freeze FREEZE =
            new FreezeWitness.Freeze("test://application", "run", Duration.ofSeconds(20), Map.of());

    private static String groups() throws IOException {
        return Files.readString(Path.of("/proc/self/cgroup"));
    }

    @Test
    void thisProcessIsInAGroupOfItsOwnWhileThereIsAFence() throws IOException {
        String before = groups();
        Optional<? extends ProcessorFence> made = Background.fence(true).get();
        assumeThat(made).as("a cpu controller that this process may use").isPresent();
        try (ProcessorFence fence = made.orElseThrow()) {
            assertThat(groups())
                    .contains("/medbackup-" + ProcessHandle.current().pid());
            fence.limit(Runtime.getRuntime().availableProcessors() * 1_000_000_000L);
            fence.background(false);
            fence.background(true);
            fence.limit(Limits.NONE);
        }
        assertThat(groups()).isEqualTo(before);
    }

    private final List<String> told = new ArrayList<>();

    private final class Fence implements ProcessorFence {

        @Override
        public void limit(long nanos) {
            told.add(nanos == Limits.NONE ? "none" : "limited");
        }

        @Override
        public void background(boolean background) {
            told.add(background ? "yields" : "first");
        }

        @Override
        public void close() {}
    }

    private FreezeWitness witness(FreezeWitness other) {
        Governor governor = Governor.of(Limits.parse(List.of("cpu=0.5")));
        governor.fence(() -> Optional.of(new Fence()));
        return new UnhinderedFreeze(governor, other);
    }

    @Test
    void whileAnApplicationIsFrozenNothingHoldsThisProcessToItsProcessorTime() {
        FreezeWitness witness = witness(FreezeWitness.none());
        witness.freezing(FREEZE);
        assertThat(told).containsExactly("limited", "first", "none");

        witness.thawed(FREEZE);
        // As where a freeze that came too late is thawed again.
        witness.thawed(FREEZE);

        assertThat(told).containsExactly("limited", "first", "none", "yields", "limited");
        assertThat(witness.holds(FREEZE)).isTrue();
        assertThat(witness.thawedBy(FREEZE)).isEmpty();
    }

    @Test
    void whereTheFreezeIsRefusedTheFenceIsBack() {
        FreezeWitness witness = witness(new FreezeWitness() {
            @Override
            public void freezing(Freeze freeze) {
                throw ErrorCode.WATCHDOG_UNAVAILABLE.because("dead");
            }

            @Override
            public void thawed(Freeze freeze) {}
        });

        assertThatThrownBy(() -> witness.freezing(FREEZE)).isInstanceOf(BackupException.class);

        assertThat(told).endsWith("yields", "limited");
    }
}
