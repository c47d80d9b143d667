package org.medbackup.governor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A second fence has the limit of processor time that holds, whatever rule or job it is of. */
class ProcessorFenceTest {

    private final List<String> told = new ArrayList<>();
    private final Governor governor = Governor.of(Limits.none());

    private final class Fence implements ProcessorFence {

        @Override
        public void limit(long nanos) {
            told.add(nanos == Limits.NONE ? "none" : Long.toString(nanos));
        }

        @Override
        public void background(boolean background) {
            told.add(background ? "yields" : "first");
        }

        @Override
        public void close() {
            told.add("closed");
        }
    }

    private Governor.Fencing fenced() {
        return governor.fence(() -> {
            told.add("made");
            return Optional.of(new Fence());
        });
    }

    private void limit(String text) {
        governor.set(Limits.parse(List.of(text)));
    }

    @Test
    void itIsMadeWithTheFirstLimitAndFollowsWhatHolds() {
        try (Governor.Fencing _ = fenced()) {
            assertThat(told).isEmpty();

            limit("disk.read=1MB/s");
            assertThat(told).containsExactly("made");

            limit("cpu=0.5");
            limit("disk.read=2MB/s");
            try (GovernedJob _ = governor.open(WorkClass.FULL, Limits.parse(List.of("cpu=0.25")))) {
                assertThat(told).endsWith("500000000", "250000000");
            }
            limit("cpu=none");
        }
        assertThat(told).containsExactly("made", "500000000", "250000000", "500000000", "none", "closed");
    }

    @Test
    void whoStandsStillIsLetAnswer() {
        try (Governor.Fencing _ = fenced()) {
            limit("cpu=0.5");
            limit("cpu=pause");

            assertThat(told).endsWith("none");
        }
    }

    @Test
    void thereIsNoneWhileSomethingOfProductionStandsStill() {
        try (Governor.Fencing _ = fenced()) {
            limit("cpu=0.5");
            Governor.Fencing one = governor.liftFence();
            Governor.Fencing other = governor.liftFence();
            assertThat(told).endsWith("500000000", "first", "none");

            limit("cpu=0.25");
            one.close();
            one.close();
            assertThat(told).endsWith("first", "none");

            other.close();
            assertThat(told).endsWith("none", "yields", "250000000");
        }
    }

    @Test
    void oneThatIsMadeMeanwhileIsOpenToo() {
        try (Governor.Fencing _ = governor.liftFence();
                Governor.Fencing _ = fenced()) {
            limit("cpu=0.5");

            assertThat(told).containsExactly("made", "first");
        }
    }

    @Test
    void oneThatCannotBeMadeIsMissedByNobody() {
        try (Governor.Fencing _ = governor.fence(Optional::empty);
                Governor.Fencing _ = governor.liftFence()) {
            limit("cpu=0.5");
        }
        assertThat(governor.limits().amount(LimitKind.CPU, "")).isEqualTo(500_000_000);
    }

    @Test
    void afterItsEndNoneIsMade() {
        fenced().close();
        limit("cpu=0.5");

        assertThat(told).containsExactly("made", "closed");
    }

    @Test
    void thereIsOneAtATime() {
        limit("cpu=0.5");
        try (Governor.Fencing _ = fenced()) {
            assertThatThrownBy(this::fenced).isInstanceOf(IllegalStateException.class);
        }
    }
}
