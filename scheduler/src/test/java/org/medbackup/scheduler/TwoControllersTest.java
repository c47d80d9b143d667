package org.medbackup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.medbackup.scheduler.state.RunRecord;
import org.medbackup.scheduler.state.RunResult;
import org.medbackup.scheduler.state.RunState;
import org.medbackup.scheduler.state.StateDatabase;
import org.medbackup.scheduler.state.Store;
import org.medbackup.scheduler.state.TestDatabase;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.SeededEntropy;

/** Two equal workers on one state, of which one has a clock that is 90 s ahead: each time gets one run. */
class TwoControllersTest {

    private static final int SLOTS = 1_000;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final RuleBook RULES = RuleBook.of(
            JobRules.at("log", new Timetable.Every(Duration.ofMinutes(1))).expecting(Duration.ofSeconds(1)));

    private static Scheduler worker(Store store, String name, ManualTime time, List<String> done, int seed) {
        SchedulerSettings settings = SchedulerSettings.usual(name, name).withHorizon(Duration.ZERO);
        StateDatabase state = store.open(name, name, time, new SeededEntropy(seed));
        RunWork work = claim -> {
            claim.assertHeld();
            synchronized (done) {
                done.add(claim.run());
            }
            return RunResult.good(time.now());
        };
        return new Scheduler(settings, state, RULES, work, (thread, run) -> run.run(), event -> {}, time);
    }

    private static void eachTimeOnce(Store store) throws Exception {
        var right = new ManualTime(START);
        var ahead = new ManualTime(START.plusSeconds(90));
        List<String> done = new ArrayList<>();
        try (Scheduler one = worker(store, "one", right, done, 1);
                Scheduler two = worker(store, "two", ahead, done, 2);
                ExecutorService both = Executors.newFixedThreadPool(2)) {
            // The one that is ahead makes the job known: times before that are none.
            two.turn();
            for (int slot = 0; slot < SLOTS; slot++) {
                right.advance(Duration.ofMinutes(1));
                ahead.advance(Duration.ofMinutes(1));
                Callable<Boolean> first = () -> turned(one);
                Callable<Boolean> second = () -> turned(two);
                for (Future<Boolean> each : both.invokeAll(List.of(first, second))) {
                    assertThat(each.get()).isTrue();
                }
            }
            assertThat(done).hasSize(SLOTS).doesNotHaveDuplicates();
            List<RunRecord> runs = two.runs("log", SLOTS + 10);
            assertThat(runs).hasSize(SLOTS).allSatisfy(run -> {
                assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
                assertThat(run.epoch()).isEqualTo(1);
            });
            assertThat(runs.getLast().due()).isEqualTo(START.plusSeconds(120));
            assertThat(runs.getFirst().due()).isEqualTo(START.plusSeconds(60 + 60L * SLOTS));
        }
    }

    private static boolean turned(Scheduler scheduler) {
        scheduler.turn();
        return true;
    }

    @Test
    void aThousandTimesAreAThousandRunsOnSqlite() throws Exception {
        try (var folder = new MemoryFolder()) {
            eachTimeOnce(new Store.Sqlite(folder.path().resolve("state.db")));
        }
    }

    @Test
    void aThousandTimesAreAThousandRunsOnPostgres() throws Exception {
        eachTimeOnce(TestDatabase.postgres());
    }
}
