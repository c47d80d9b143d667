package org.medbackup.recovery.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;

/** Work that shares what is scarce takes as long as arithmetic says, and as small steps of time come to. */
class FluidSimulationTest {

    private static final Offset<Double> EXACT = within(1e-6);

    private static Activity reading(String name, double seconds, double bytesPerSecond, String... after) {
        return new Activity(name, name, seconds, Map.of(Resource.READ, bytesPerSecond), List.of(after));
    }

    private static Course run(Map<Resource, Double> capacities, int places, Activity... activities) {
        return new FluidSimulation(List.of(activities), capacities, places, List.of()).run();
    }

    @Test
    void whatIsNotScarceTakesItsOwnTime() {
        Course course = run(Map.of(Resource.READ, 100.0), 2, reading("a", 10, 50), reading("b", 20, 50));

        assertThat(course.seconds()).isCloseTo(20, EXACT);
        assertThat(course.span("a").end()).isCloseTo(10, EXACT);
        assertThat(course.criticalPath()).containsExactly("b");
    }

    @Test
    void twoWhoShareALinkTakeTurnsAndTheOneThatIsLeftGoesFaster() {
        // Each would use all of it: both at half speed for 20 s, then b alone for the 10 s that are left of its 20.
        Course course = run(Map.of(Resource.READ, 100.0), 2, reading("a", 10, 100), reading("b", 20, 100));

        assertThat(course.span("a").end()).isCloseTo(20, EXACT);
        assertThat(course.seconds()).isCloseTo(30, EXACT);
        assertThat(course.saturated().get(Resource.READ)).isCloseTo(30, EXACT);
    }

    @Test
    void halfTheLinkDoublesWhatIsBoundByItAndNothingElse() {
        var bound = reading("a", 10, 100);
        var busy = new Activity("b", "b", 15, Map.of(Resource.PROCESSOR, 1.0), List.of());

        Course whole = run(Map.of(Resource.READ, 100.0, Resource.PROCESSOR, 2.0), 2, bound, busy);
        Course half = run(Map.of(Resource.READ, 50.0, Resource.PROCESSOR, 2.0), 2, bound, busy);

        assertThat(half.span("a").end()).isCloseTo(2 * whole.span("a").end(), EXACT);
        assertThat(half.span("b").end()).isCloseTo(whole.span("b").end(), EXACT);
    }

    @Test
    void whoeverDoesNotNeedWhatIsScarceIsNotHeldBack() {
        var first = new Activity("a", "a", 10, Map.of(Resource.READ, 80.0), List.of());
        var second = new Activity("b", "b", 10, Map.of(Resource.READ, 80.0, Resource.WRITE, 10.0), List.of());
        var third = new Activity("c", "c", 10, Map.of(Resource.WRITE, 90.0), List.of());

        Course course = run(Map.of(Resource.READ, 80.0, Resource.WRITE, 100.0), 3, first, second, third);

        assertThat(course.span("c").end()).isCloseTo(10, EXACT);
        assertThat(course.span("a").end()).isCloseTo(20, EXACT);
    }

    @Test
    void activitiesWaitForEachOtherAndThePathNamesWhoHeldUpTheLast() {
        Course course = run(
                Map.of(),
                9,
                Activity.waiting("recall", "a", 5, List.of()),
                Activity.waiting("fetch", "a", 10, List.of("recall")),
                Activity.waiting("other", "b", 7, List.of()),
                Activity.waiting("start", "a", 1, List.of("fetch", "other")));

        assertThat(course.seconds()).isCloseTo(16, EXACT);
        assertThat(course.criticalPath()).containsExactly("recall", "fetch", "start");
        assertThat(course.span("start").begin()).isCloseTo(15, EXACT);
    }

    @Test
    void applicationsWaitForAPlaceInTheOrderOfTheirPriority() {
        var all = List.of(
                Activity.waiting("a1", "a", 3, List.of()),
                Activity.waiting("a2", "a", 2, List.of("a1")),
                Activity.waiting("b1", "b", 4, List.of()),
                Activity.waiting("c1", "c", 1, List.of()));

        Course course = new FluidSimulation(all, Map.of(), 1, List.of("c", "a", "b")).run();

        assertThat(course.spans().sequencedKeySet()).containsExactly("c1", "a1", "a2", "b1");
        assertThat(course.seconds()).isCloseTo(10, EXACT);
        assertThat(course.criticalPath()).containsExactly("c1", "a1", "a2", "b1");
    }

    @Test
    void whatTakesNoTimeEndsAtOnce() {
        Course course =
                run(Map.of(), 1, Activity.waiting("a", "a", 0, List.of()), Activity.waiting("b", "a", 0, List.of("a")));

        assertThat(course.seconds()).isZero();
        assertThat(new FluidSimulation(List.of(), Map.of(), 1, List.of()).run().criticalPath())
                .isEmpty();
    }

    @Test
    void whatCannotBeSimulatedIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> reading("a", -1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> reading("a", Double.POSITIVE_INFINITY, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> reading("a", 1, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> run(Map.of(), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> run(Map.of(Resource.READ, 0.0), 1));
        assertThatIllegalArgumentException().isThrownBy(() -> run(Map.of(), 1, reading("a", 1, 1), reading("a", 1, 1)));
        assertThatIllegalArgumentException().isThrownBy(() -> run(Map.of(), 1, reading("a", 1, 1, "b")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(Map.of(), 1, reading("a", 1, 1)).span("b"));
        assertThatIllegalStateException()
                .isThrownBy(() -> run(Map.of(), 2, reading("a", 1, 1, "b"), reading("b", 1, 1, "a")));
    }

    static LongStream seeds() {
        return Seeds.of(200);
    }

    /** Random work on shared resources: what is computed from end to end is what ten thousand small steps come to. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void smallStepsOfTimeComeToTheSame(long seed) {
        var random = SeededRandom.of(seed);
        List<Activity> all = new ArrayList<>();
        int count = 2 + random.below(12);
        for (int i = 0; i < count; i++) {
            Map<Resource, Double> use = new HashMap<>();
            for (Resource each : Resource.values()) {
                if (random.below(2) == 0) {
                    use.put(each, 1.0 + random.below(100));
                }
            }
            List<String> after = new ArrayList<>();
            for (int j = 0; j < i; j++) {
                if (random.below(4) == 0) {
                    after.add("t" + j);
                }
            }
            all.add(new Activity("t" + i, "t" + i, 1 + random.below(100), use, after));
        }
        Map<Resource, Double> capacities = new HashMap<>();
        for (Resource each : Resource.values()) {
            if (random.below(3) > 0) {
                capacities.put(each, 20.0 + random.below(200));
            }
        }

        double computed =
                new FluidSimulation(all, capacities, 99, List.of()).run().seconds();

        assertThat(stepped(all, capacities, computed / 10_000)).isCloseTo(computed, within(computed / 100));
    }

    /** The same by small steps: in each the speeds are found by raising all by a thousandth until nothing more goes. */
    private static double stepped(List<Activity> all, Map<Resource, Double> capacities, double step) {
        Map<String, Double> left = new HashMap<>();
        all.forEach(each -> left.put(each.name(), each.seconds()));
        double now = 0;
        List<Activity> last = List.of();
        Map<Activity, Double> speeds = Map.of();
        while (!left.isEmpty()) {
            List<Activity> running = all.stream()
                    .filter(each -> left.containsKey(each.name())
                            && each.after().stream().noneMatch(left::containsKey))
                    .toList();
            if (!running.equals(last)) {
                last = running;
                speeds = raised(running, capacities);
            }
            now += step;
            speeds.forEach((each, speed) -> left.computeIfPresent(
                    each.name(), (name, rest) -> rest - speed * step <= 0 ? null : rest - speed * step));
        }
        return now;
    }

    private static Map<Activity, Double> raised(List<Activity> running, Map<Resource, Double> capacities) {
        Map<Activity, Double> speeds = new HashMap<>();
        running.forEach(each -> speeds.put(each, 0.0));
        boolean any = true;
        List<Activity> rising = new ArrayList<>(running);
        while (any) {
            any = false;
            for (Activity each : List.copyOf(rising)) {
                double next = speed(speeds, each) + 0.001;
                speeds.put(each, next);
                boolean fits = next <= 1.000_000_1
                        && each.use().keySet().stream()
                                .allMatch(resource -> running.stream()
                                                .mapToDouble(other ->
                                                        other.use().getOrDefault(resource, 0.0) * speed(speeds, other))
                                                .sum()
                                        <= capacities.getOrDefault(resource, Double.MAX_VALUE) * 1.000_001);
                if (fits) {
                    any = true;
                } else {
                    speeds.put(each, next - 0.001);
                    rising.remove(each);
                }
            }
        }
        return speeds;
    }

    private static double speed(Map<Activity, Double> speeds, Activity of) {
        return Objects.requireNonNull(speeds.get(of));
    }
}
