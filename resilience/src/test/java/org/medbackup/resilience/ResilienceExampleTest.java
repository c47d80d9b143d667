package org.medbackup.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.testkit.ManualExample;
import org.medbackup.testkit.ManualTime;

class ResilienceExampleTest {

    /** A copy that two of three times does not reach its target. */
    private static final class Upload implements Work<String> {

        @Override
        public String stage() {
            return "copy";
        }

        @Override
        public Set<Action> possible() {
            return EnumSet.noneOf(Action.class);
        }

        @Override
        public String attempt(Course course) {
            if (course.attempt() < 3) {
                throw ErrorCode.STORE_UNAVAILABLE.because("no answer").with("cause", "UnknownHostException");
            }
            return "copied";
        }
    }

    private static String example(TimeSource time, RandomGenerator random, Work<String> upload, List<String> said) {
        // example:begin
        FailureCatalogue catalogue = FailureCatalogue.builtIn();
        var orchestrator = new Orchestrator(catalogue, Backoff.OF_STAGES, time, random);
        Deadline deadline = Deadline.after(time, Duration.ofHours(2));
        Ending<String> ending = orchestrator.run(upload, deadline, trouble -> {
            said.add(trouble.failure().title() + ": " + trouble.action() + " in " + trouble.pause());
        });
        return switch (ending) {
            case Ending.Done<String> done -> done.result();
            case Ending.GivenUp<String> up -> "do this: " + up.last().failure().remedy();
        };
        // example:end
    }

    @Test
    void theExampleOfTheManualTriesUntilItIsDone() {
        var said = new ArrayList<String>();

        String result = example(
                new ManualTime(), RandomGeneratorFactory.of("L64X128MixRandom").create(1), new Upload(), said);

        assertThat(result).isEqualTo("copied");
        assertThat(said).hasSize(2).allMatch(each -> each.startsWith("The name of the storage target is not known"));
    }

    @Test
    void theManualHoldsTheExampleAsItIsHere() {
        ManualExample.assertStandsIn(
                "docs/resilience.md", "resilience/src/test/java/org/medbackup/resilience/ResilienceExampleTest.java");
    }
}
