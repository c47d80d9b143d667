package org.medbackup.resilience.escalation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;
import org.medbackup.resilience.escalation.FakeChannel.Mode;

/** Thirty days of failures, successes, people and outages, over the change of the clocks of 29 March. */
class MonthTest {

    private static final Instant BEGIN = Instant.parse("2026-03-14T00:00:00Z");
    private static final int DAYS = 30;
    private static final int LIMIT = 6;
    private static final List<String> RESOURCES = List.of("s3-main", "s3-copy", "emr", "pacs");
    private static final List<String> FAILURES = List.of("STORE_UNAVAILABLE", "NO_SPACE", "WINDOW_AT_RISK");
    private static final List<String> JOBS = List.of("nightly", "hourly", "weekly");

    /** What happens, and when. */
    private record Step(Instant at, Consumer<World> what, boolean restarted, String killedAt) {}

    static LongStream seeds() {
        return Seeds.of(1);
    }

    private static List<Step> month(SeededRandom random) {
        List<Step> steps = new ArrayList<>();
        Instant at = BEGIN;
        Instant end = BEGIN.plus(Duration.ofDays(DAYS));
        while (at.isBefore(end)) {
            at = at.plusSeconds(random.oneIn(3) ? random.between(1, 600) : random.between(60, 10 * 3600));
            String killedAt = random.oneIn(20) ? random.pick(World.CHANNELS) : "";
            steps.add(new Step(at, what(random), random.oneIn(10), killedAt));
            if (random.oneIn(10)) {
                String channel = random.pick(World.CHANNELS);
                Mode mode = random.pick(Mode.AWAY, Mode.REFUSING, Mode.BROKEN);
                Instant back = at.plusSeconds(random.oneIn(6) ? random.between(60, 3600) : random.between(5, 900));
                steps.add(new Step(at, world -> world.is(channel, mode), false, ""));
                steps.add(new Step(back, world -> world.is(channel, Mode.UP), false, ""));
            }
            if (random.oneIn(40)) {
                int many = random.between(2, 20);
                Instant over = at.plusSeconds(random.between(60, 3 * 3600));
                steps.add(new Step(at, world -> storm(world, many), false, ""));
                steps.add(new Step(over, world -> hosts(many).forEach(world::works), false, ""));
            }
        }
        steps.sort(Comparator.comparing(Step::at));
        return steps;
    }

    private static Consumer<World> what(SeededRandom random) {
        var cause = new Cause(random.pick(FAILURES), random.pick(RESOURCES));
        String job = random.pick(JOBS);
        return switch (random.below(20)) {
            case 0, 1, 2 -> world -> world.fails(cause, job, Severity.ERROR);
            case 3, 4 -> world -> world.fails(cause, job, Severity.WARNING);
            case 5, 6 -> world -> world.fails(cause, job, Severity.CRITICAL);
            case 7 -> world -> world.fails(cause, "", Severity.ERROR);
            case 8, 9, 10 -> world -> world.succeeds(cause.resource(), job);
            case 11, 12, 13 -> {
                int which = random.below(100);
                yield world -> world.mends(which);
            }
            case 14, 15, 16, 17, 18 -> {
                int which = random.below(100);
                Duration length = Duration.ofMinutes(random.between(1, 2000));
                yield world -> world.take(which, length);
            }
            default -> World::everythingWorks;
        };
    }

    private static List<Cause> hosts(int many) {
        return IntStream.range(0, many)
                .mapToObj(each -> new Cause("SOURCE_UNREADABLE", "host-" + each))
                .toList();
    }

    private static void storm(World world, int many) {
        hosts(many).forEach(each -> world.fails(each, "nightly", Severity.ERROR));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void inAMonthOfFailuresEverybodyIsToldWhatIsDueAndNothingElse(long seed) {
        var steady = new World(BEGIN, LIMIT, false);
        var restarting = new World(BEGIN, LIMIT, false);
        var killed = new World(BEGIN, LIMIT, true);

        for (Step step : month(SeededRandom.of(seed))) {
            for (World world : List.of(steady, restarting, killed)) {
                world.until(step.at);
                step.what.accept(world);
            }
            if (step.restarted) {
                restarting.restart();
                killed.restart();
            }
            if (!step.killedAt.isEmpty()) {
                killed.killAt(step.killedAt);
            }
            assertThat(restarting.state()).isEqualTo(steady.state());
        }
        for (World world : List.of(steady, restarting, killed)) {
            end(world);
        }
        for (String channel : World.CHANNELS) {
            assertThat(restarting.taken(channel)).isEqualTo(steady.taken(channel));
        }
    }

    private static void end(World world) {
        Instant end = BEGIN.plus(Duration.ofDays(DAYS + 1));
        World.CHANNELS.forEach(channel -> world.is(channel, Mode.UP));
        world.everythingWorks();
        world.until(end.plus(Duration.ofDays(4)));
        assertThat(world.isQuiet()).isTrue();
        int ends = 0;
        for (String channel : World.CHANNELS) {
            world.requireLimit(channel, LIMIT);
            world.requireOrder(channel);
            ends += world.requireEnds(channel);
        }
        assertThat(ends).isGreaterThan(50);
    }
}
