package org.medbackup.recovery.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.engine.RestoreSteps;
import org.medbackup.engine.RestoreSteps.Step;

/** Restores that are simulated read by read. */
class RestoreSimulationTest {

    private static final double MIB = 1 << 20;

    /** Half a millisecond for an entry, 500 MB a second for a worker, a third of it processor time. */
    private static final RestoreCosts COSTS = new RestoreCosts(0.1, 5e-4, 2e-9, 0.05, 1.5e-4, 6e-10, 0);

    private static Step read(int window, long fetched, long written, double entries) {
        return new Step(window, 1, fetched, written, entries);
    }

    private static List<Step> images(int window, int count) {
        return Collections.nCopies(count, read(window, 4 << 20, 4 << 20, 0.3));
    }

    private static List<Step> documents(int window, int count) {
        return Collections.nCopies(count, read(window, 1 << 20, 8 << 20, 2_000));
    }

    private static RestoreSteps steps(List<Step> steps) {
        return new RestoreSteps(steps, 100_000, 2);
    }

    private static double seconds(RestoreSteps steps, Map<Resource, Double> capacities) {
        return new RestoreSimulation(steps, COSTS, capacities).run().seconds();
    }

    @Test
    void whereNothingIsLimitedTheWorkersShareTheWork() {
        RestoreSteps steps = steps(documents(0, 20));

        double aStep = 2_000 * 5e-4 + (8 << 20) * 2e-9;
        assertThat(seconds(steps, Map.of())).isCloseTo(0.1 + 10 * aStep, within(1e-6));
    }

    @Test
    void aLimitThatIsLessThanTheMachineDoesDecides() {
        RestoreSteps steps = steps(images(0, 100));
        RestoreSimulation.Ran ran = new RestoreSimulation(steps, COSTS, Map.of(Resource.READ, 20 * MIB)).run();

        assertThat(ran.seconds()).isCloseTo(20, within(0.3));
        assertThat(ran.saturated().get(Resource.READ)).isCloseTo(ran.seconds(), within(0.5));
        assertThat(ran.used()).containsEntry(Resource.WRITE, 400 * MIB);
        assertThat(seconds(steps, Map.of(Resource.WRITE, 10 * MIB))).isCloseTo(40, within(0.5));
    }

    /** What takes the machine and what takes the link come one after the other: neither alone is the time. */
    @Test
    void aBottleneckThatChangesCostsTheSumOfBoth() {
        List<Step> all = new ArrayList<>(documents(0, 40));
        all.addAll(images(1, 100));
        double both = seconds(steps(all), Map.of(Resource.READ, 20 * MIB));
        double ofBytes = (40 * MIB + 400 * MIB) / (20 * MIB);

        assertThat(both).isCloseTo(20.4 + 20, within(1.0));
        assertThat(both).isGreaterThan(1.5 * ofBytes);
    }

    /** While one worker opens and writes, the other one fetches; and what a limit was not used for is repaid soon after. */
    @Test
    void phasesThatAreShortOverlap() {
        RestoreSteps steps = steps(images(0, 200));
        double both = seconds(steps, Map.of(Resource.READ, 40 * MIB, Resource.WRITE, 40 * MIB));

        assertThat(both).isBetween(20.0, 21.5);
    }

    @Test
    void aWindowEndsBeforeTheNextOneBegins() {
        RestoreSteps one = steps(List.of(read(0, 0, 500 << 20, 1), read(0, 0, 500 << 20, 1)));
        RestoreSteps two = steps(List.of(read(0, 0, 500 << 20, 1), read(1, 0, 500 << 20, 1)));

        assertThat(seconds(two, Map.of()) - 0.1).isCloseTo(2 * (seconds(one, Map.of()) - 0.1), within(1e-6));
    }

    @Test
    void processorTimeIsLimitedToo() {
        RestoreSteps steps = steps(documents(0, 20));
        double processor = 0.05 + 20 * (2_000 * 1.5e-4 + (8 << 20) * 6e-10);

        RestoreSimulation.Ran ran = new RestoreSimulation(steps, COSTS, Map.of(Resource.PROCESSOR, 0.3)).run();

        assertThat(ran.used().get(Resource.PROCESSOR)).isCloseTo(processor, within(1e-6));
        assertThat(ran.seconds()).isCloseTo(processor / 0.3, within(0.3));
    }

    @Test
    void namesAreReadUnderTheLimitBeforeTheFirstByte() {
        RestoreSteps steps = new RestoreSteps(List.of(), 10 << 20, 2);

        assertThat(seconds(steps, Map.of(Resource.READ, MIB))).isCloseTo(10, within(1e-6));
        assertThat(seconds(steps, Map.of())).isCloseTo(0.1, within(1e-9));
        assertThat(steps.fetched()).isEqualTo(10 << 20);
    }

    /** Never quicker than any one resource allows, and never slower than one worker with everything one after the other. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aRestoreLiesBetweenItsBounds(long seed) {
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 25; round++) {
            List<Step> all = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                long fetched = random.nextLong(4 << 20);
                all.add(read(i / 30, fetched, fetched + random.nextLong(8 << 20), random.nextDouble(500)));
            }
            RestoreSteps steps = steps(all);
            Map<Resource, Double> capacities = new EnumMap<>(Resource.class);
            capacities.put(Resource.READ, (1 + random.nextDouble(50)) * MIB);
            capacities.put(Resource.WRITE, (1 + random.nextDouble(80)) * MIB);
            RestoreSimulation.Ran ran = new RestoreSimulation(steps, COSTS, capacities).run();

            double read = steps.fetched() / capacities.get(Resource.READ);
            double write = steps.written() / capacities.get(Resource.WRITE);
            double alone = 0.1 + steps.entries() * 5e-4 + steps.written() * 2e-9;
            assertThat(ran.seconds()).isGreaterThanOrEqualTo(Math.max(read, write) * 0.999);
            assertThat(ran.seconds()).isLessThanOrEqualTo((read + write + alone) * 1.001);
            assertThat(seconds(steps, Map.of())).isLessThanOrEqualTo(ran.seconds() * 1.001);
        }
    }

    @Test
    void whatIsMixedGoesOnBesideEachOther() {
        List<Step> all = new ArrayList<>(documents(0, 20));
        all.addAll(images(0, 100));
        Map<Resource, Double> capacities = Map.of(Resource.READ, 30 * MIB, Resource.WRITE, 60 * MIB);
        double inOrder = seconds(steps(all), capacities);
        Collections.shuffle(all, new Random(1));

        // Mixed, what takes the machine and what takes the link go on beside each other.
        assertThat(seconds(steps(all), capacities)).isLessThan(inOrder);
    }

    @Test
    void whatCannotBeIsRefused() {
        RestoreSteps steps = steps(images(0, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RestoreSimulation(steps, COSTS, Map.of(Resource.READ, 0.0)));
        assertThatIllegalArgumentException().isThrownBy(() -> new RestoreSteps(List.of(), -1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RestoreSteps(List.of(), 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RestoreCosts(-1, 0, 0, 0, 0, 0, 0));
        assertThat(COSTS.times(2).startingAfter(1).start()).isCloseTo(1.2, within(1e-9));
    }
}
