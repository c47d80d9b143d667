package org.medbackup.scheduler;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.medbackup.core.TimeSource;
import org.medbackup.scheduler.state.Store;
import org.medbackup.testkit.SeededEntropy;

/** Workers that a test steps: their runs wait until the test lets them go on. */
final class Stage implements AutoCloseable {

    final List<SchedulerEvent> said = new CopyOnWriteArrayList<>();
    final Deque<Runnable> launched = new ArrayDeque<>();
    private final List<Scheduler> workers = new ArrayList<>();
    private final Store store;
    private long seed = 1;

    Stage(Path folder) {
        this(new Store.Sqlite(folder.resolve("state.db")));
    }

    Stage(Store store) {
        this.store = store;
    }

    Scheduler worker(String name, TimeSource time, RuleBook rules, RunWork work) {
        SchedulerSettings settings = SchedulerSettings.usual(name, name)
                .withTimes(Duration.ofMillis(500), Duration.ofSeconds(15), Duration.ZERO);
        return worker(settings, time, rules, work);
    }

    Scheduler worker(SchedulerSettings settings, TimeSource time, RuleBook rules, RunWork work) {
        Scheduler worker = Scheduler.driven(
                settings, store, rules, work, launched::add, said::add, time, new SeededEntropy(seed++));
        workers.add(worker);
        return worker;
    }

    /** Lets the runs that were begun go on to their end. */
    void runAll() {
        while (!launched.isEmpty()) {
            launched.remove().run();
        }
    }

    <T extends SchedulerEvent> List<T> said(Class<T> kind) {
        return said.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    static Instant at(String utc) {
        return Instant.parse(utc);
    }

    @Override
    public void close() {
        workers.forEach(Scheduler::close);
    }
}
