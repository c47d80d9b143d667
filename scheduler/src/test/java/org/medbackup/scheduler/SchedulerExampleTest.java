package org.medbackup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.scheduler.state.RunResult;
import org.medbackup.scheduler.state.Store;
import org.medbackup.testkit.ManualExample;

class SchedulerExampleTest {

    @TempDir
    private Path folder;

    private static Scheduler example(Path file, RunWork work, Consumer<SchedulerEvent> said) {
        // example:begin
        RuleBook rules = RuleBook.of(
                JobRules.within("ehr", Duration.ofMinutes(15)).using("db1", Set.of("vault")),
                JobRules.at("images", Timetable.Daily.at(ZoneId.of("Europe/Berlin"), LocalTime.of(2, 30)))
                        .withRpo(Duration.ofHours(26))
                        .withJitter(Duration.ofMinutes(20)),
                JobRules.following("offsite", Dependency.on("ehr"), Dependency.on("images")));
        SchedulerSettings settings = SchedulerSettings.usual("worker-1", "db1");
        Store store = new Store.Sqlite(file);
        TimeSource time = TimeSource.system();
        return Scheduler.start(settings, store, rules, work, said, time, Entropy.system());
        // example:end
    }

    @Test
    void theExampleOfTheManualBeginsWhatHasNoBackupYet() throws Exception {
        var ended = new LinkedBlockingQueue<String>();
        RunWork work = claim -> RunResult.good(TimeSource.system().now());
        try (Scheduler scheduler = example(folder.resolve("state.db"), work, event -> {
            if (event instanceof SchedulerEvent.Ended run) {
                ended.add(run.job());
            }
        })) {
            assertThat(ended.poll(30, TimeUnit.SECONDS)).isIn("ehr", "images");
            assertThat(scheduler.list()).extracting(JobView::name).containsExactly("ehr", "images", "offsite");
        }
    }

    @Test
    void theManualHoldsTheExampleAsItIsHere() {
        ManualExample.assertStandsIn(
                "docs/scheduler.md", "scheduler/src/test/java/org/medbackup/scheduler/SchedulerExampleTest.java");
    }
}
