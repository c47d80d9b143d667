package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.recovery.plan.RecoveryPlan;

/** Who is next in a drill, as the prediction has it. */
@Timeout(20)
class DrillSequenceTest {

    private static DrillSequence order(int parallel, String applications) {
        return new DrillSequence(
                RecoveryPlan.parse("name: a\nenvelope: {parallel: " + parallel + "}\napplications:\n" + applications));
    }

    private static String application(String name, int criticality, String after) {
        return "  " + name + ": {job: " + name + ", criticality: " + criticality + ", objectives: {rto: 1h}, after: {"
                + after + "}}\n";
    }

    private static CompletableFuture<Optional<String>> next(DrillSequence order) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return order.next();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        });
    }

    @Test
    void theMostCriticalComesFirstAndNoMoreAtATimeThanThereArePlaces() throws InterruptedException {
        DrillSequence order =
                order(2, application("low", 9, "") + application("high", 1, "") + application("middle", 5, ""));

        assertThat(order.next()).contains("high");
        assertThat(order.next()).contains("middle");
        CompletableFuture<Optional<String>> third = next(order);
        order.ready("high");
        assertThat(third).as("its place is kept until its last stage has ended").isNotDone();
        order.ended("high", true);
        assertThat(third).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo(Optional.of("low"));
        assertThat(order.next()).isEmpty();
        assertThat(order.notBegun()).isEmpty();
    }

    @Test
    void whatWaitsLetsOthersPass() throws InterruptedException {
        DrillSequence order = order(
                2,
                application("base", 1, "") + application("needy", 1, "base: verified") + application("other", 9, ""));

        assertThat(order.next()).contains("base");
        assertThat(order.next()).contains("other");
        order.ready("base");
        order.ended("other", true);
        CompletableFuture<Optional<String>> last = next(order);
        order.ended("base", true);
        assertThat(last).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo(Optional.of("needy"));
    }

    @Test
    void whatNeedsSomethingThatDoesNotComeIsNotBegun() throws InterruptedException {
        DrillSequence order = order(
                1,
                application("base", 1, "")
                        + application("started", 1, "base: started")
                        + application("verified", 1, "base: verified")
                        + application("further", 1, "verified: started"));

        assertThat(order.next()).contains("base");
        order.ready("base");
        order.ended("base", false);
        assertThat(order.next()).contains("started");
        order.ended("started", false);
        assertThat(order.next()).isEmpty();
        assertThat(order.notBegun()).containsExactly("verified", "further");
    }

    @Test
    void afterItWasStoppedNothingIsBegun() throws InterruptedException {
        DrillSequence order = order(1, application("base", 1, ""));

        order.stop();

        assertThat(order.next()).isEmpty();
    }
}
