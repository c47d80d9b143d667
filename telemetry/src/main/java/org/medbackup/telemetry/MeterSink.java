package org.medbackup.telemetry;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;

/**
 * Counts what events tell. It looks at their open facts only, and never fails. Safe for use by several threads.
 *
 * <p>An operation named {@code job} is a run; what is within it is counted as an operation too.
 */
public final class MeterSink implements EventSink {

    /** Operations that are followed at once; what is more is not counted while it goes. */
    private static final int MOST_RUNNING = 1000;

    private static final String JOB = "job";

    private final Meters meters;
    private final Map<String, Going> going = new ConcurrentHashMap<>();

    /** Counts into these. */
    public MeterSink(Meters meters) {
        this.meters = meters;
    }

    /** How far an operation was when it last said so. */
    private record Going(String action, long files, long bytes) {}

    @Override
    public void accept(BackupEvent event) {
        switch (event) {
            case BackupEvent.Started started -> begin(started);
            case BackupEvent.PhaseEnded phase -> phase(phase);
            case BackupEvent.Found found -> found(found);
            case BackupEvent.Progress progress -> progress(progress);
            case BackupEvent.LimitChanged _ -> meters.operationEnded("limit-changed", Outcome.SUCCESS);
            case BackupEvent.Ended ended -> end(ended);
        }
    }

    private void begin(BackupEvent.Started started) {
        if (going.size() < MOST_RUNNING) {
            going.put(started.operation(), new Going(started.action(), 0, 0));
        }
    }

    private void phase(BackupEvent.PhaseEnded phase) {
        if (phase.phase().equals("notification")) {
            meters.notification(fact(phase.facts(), "channel"), phase.outcome() == Outcome.SUCCESS);
        }
    }

    private void found(BackupEvent.Found found) {
        meters.found(found.code().name());
        String failure = fact(found.facts(), "failure");
        if (!failure.isEmpty()) {
            meters.failure(failure, fact(found.facts(), "action").toLowerCase(Locale.ROOT));
            if (fact(found.facts(), "attempt").equals("1")) {
                firstRetry(fact(found.facts(), "pauseSeconds"));
            }
        }
    }

    private void firstRetry(String seconds) {
        if (seconds.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
            meters.firstRetry(Duration.ofMillis(Math.round(Double.parseDouble(seconds) * 1000)));
        }
    }

    private void progress(BackupEvent.Progress progress) {
        going.computeIfPresent(progress.operation(), (operation, before) -> {
            Meters.Stage stage = before.action().contains("restore") ? Meters.Stage.RESTORED : Meters.Stage.READ;
            meters.bytes(stage, progress.bytes() - before.bytes());
            meters.files(progress.files() - before.files());
            return new Going(
                    before.action(),
                    Math.max(before.files(), progress.files()),
                    Math.max(before.bytes(), progress.bytes()));
        });
    }

    private void end(BackupEvent.Ended ended) {
        going.remove(ended.operation());
        if (!ended.action().equals(JOB)) {
            meters.operationEnded(ended.action(), ended.outcome());
            return;
        }
        meters.runEnded(ended.outcome(), ended.took());
        String job = fact(ended.facts(), JOB);
        if (ended.outcome() == Outcome.SUCCESS && !job.isEmpty()) {
            meters.succeeded(job, ended.time());
        }
    }

    private static String fact(Facts facts, String name) {
        return facts.open().getOrDefault(name, "");
    }
}
