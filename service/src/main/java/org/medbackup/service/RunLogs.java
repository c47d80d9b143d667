package org.medbackup.service;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.control.ProgressBatch;
import org.medbackup.control.RunProgress;
import org.medbackup.control.RunState;
import org.medbackup.core.TimeSource;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.EventSink;
import org.medbackup.telemetry.ProgressForecast;

/**
 * How the runs of this process get on: of the last of them, one line a second at most, numbered without a gap. Safe for use
 * by several threads.
 */
final class RunLogs implements EventSink {

    private static final int MOST_RUNS = 200;
    private static final int MOST_LINES = 20_000;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(100);

    /** The run that the thread does, which begins operations. */
    static final ScopedValue<String> RUN = ScopedValue.newInstance();

    private final TimeSource time;
    private final Map<String, String> runOf = new HashMap<>();
    private final Map<String, Log> logs = new LinkedHashMap<>();

    RunLogs(TimeSource time) {
        this.time = time;
    }

    private static final class Log {
        private final ArrayDeque<RunProgress> lines = new ArrayDeque<>();
        private final ProgressForecast forecast = new ProgressForecast();
        private long next = 1;
        private int retries;
        private boolean over;
        private @Nullable BackupEvent said;
    }

    /** A run begins here. */
    synchronized void begun(String run) {
        logs.computeIfAbsent(run, absent -> new Log()).over = false;
        while (logs.size() > MOST_RUNS) {
            logs.remove(logs.keySet().iterator().next());
        }
    }

    /** A run is over here. */
    synchronized void over(String run, RunState state) {
        Log log = logs.get(run);
        if (log != null) {
            add(log, "end", state, -1, -1, -1, -1, null);
            log.over = true;
        }
        runOf.values().removeIf(run::equals);
        notifyAll();
    }

    @Override
    public synchronized void accept(BackupEvent event) {
        if (event instanceof BackupEvent.Started started && RUN.isBound()) {
            runOf.put(started.operation(), RUN.get());
            Log log = logs.get(RUN.get());
            if (log != null) {
                add(log, started.action(), RunState.RUNNING, -1, -1, -1, -1, null);
            }
            return;
        }
        Log log = logs.get(runOf.getOrDefault(event.operation(), ""));
        if (log == null) {
            return;
        }
        switch (event) {
            case BackupEvent.Progress progress -> progress(log, progress);
            case BackupEvent.Found found -> log.retries += found.facts().open().containsKey("attempt") ? 1 : 0;
            case BackupEvent.Ended ended -> runOf.remove(ended.operation());
            default -> {}
        }
    }

    private void progress(Log log, BackupEvent.Progress progress) {
        ProgressForecast.Forecast forecast = log.forecast.add(progress);
        BackupEvent said = log.said;
        if (said != null && Duration.between(said.time(), progress.time()).compareTo(SECOND) < 0) {
            return;
        }
        log.said = progress;
        add(
                log,
                "progress",
                RunState.RUNNING,
                progress.files(),
                progress.bytes(),
                progress.totalFiles(),
                progress.totalBytes(),
                forecast);
    }

    private void add(
            Log log,
            String phase,
            RunState state,
            long files,
            long bytes,
            long totalFiles,
            long totalBytes,
            ProgressForecast.@Nullable Forecast forecast) {
        log.lines.add(new RunProgress(
                log.next++,
                time.now(),
                state,
                phase,
                Math.max(0, files),
                Math.max(0, bytes),
                totalFiles,
                totalBytes,
                forecast == null ? -1 : forecast.rate(),
                forecast == null ? null : forecast.likely(),
                forecast == null ? null : forecast.atMost(),
                log.retries,
                null));
        if (log.lines.size() > MOST_LINES) {
            log.lines.removeFirst();
        }
        notifyAll();
    }

    /** Lines from a number on; waits for the first of them. A run that is not known here is over. */
    ProgressBatch read(String run, long from, Duration patience) {
        long begun = time.nanos();
        while (true) {
            synchronized (this) {
                Log log = logs.get(run);
                if (log == null) {
                    return new ProgressBatch(List.of(), true);
                }
                List<RunProgress> found = new ArrayList<>();
                log.lines.stream().filter(each -> each.seq() >= from).forEach(found::add);
                if (!found.isEmpty() || log.over || time.since(begun).compareTo(patience) >= 0) {
                    return new ProgressBatch(found, log.over);
                }
            }
            time.sleep(LOOK);
        }
    }
}
