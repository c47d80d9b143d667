package org.medbackup.apps;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.medbackup.core.Entropy;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.CopySink;

/** A clock, a recorder of events, and ways to misbehave. */
final class Stage implements FreezeWitness {

    final ManualClock clock = new ManualClock();
    final CountDownLatch release = new CountDownLatch(1);
    private final List<BackupEvent> events = Collections.synchronizedList(new ArrayList<>());
    private final List<String> witnessed = Collections.synchronizedList(new ArrayList<>());

    ConsistentBackup backup() {
        return backup(events::add);
    }

    ConsistentBackup backup(EventSink sink) {
        return ConsistentBackup.of(clock, log(sink)).with(this);
    }

    OperationLog log() {
        return log(events::add);
    }

    private OperationLog log(EventSink sink) {
        return OperationLog.open(
                clock, Entropy.system(), sink, "app-backup", new Actor("test", "here", null, null), Facts.NONE);
    }

    ApplicationRun run(ScriptedApplication application) {
        return backup().run(application, "run-1", new NoSink());
    }

    /** The failure of a run. */
    BackupException failing(ScriptedApplication application) {
        try {
            run(application);
        } catch (BackupException failure) {
            return failure;
        }
        throw new AssertionError("the run should have failed");
    }

    /** Phases and findings as they were said. */
    List<String> said() {
        synchronized (events) {
            return events.stream()
                    .map(event -> switch (event) {
                        case BackupEvent.PhaseEnded phase -> phase.phase() + " " + phase.outcome();
                        case BackupEvent.Found found -> "found " + found.code();
                        case BackupEvent other -> other.getClass().getSimpleName();
                    })
                    .filter(line -> !line.equals("Started"))
                    .toList();
        }
    }

    List<BackupEvent> events() {
        return events;
    }

    List<String> witnessed() {
        return witnessed;
    }

    @Override
    public void freezing(Freeze freeze) {
        witnessed.add("freezing " + freeze.application() + " " + freeze.run() + " "
                + freeze.limit().toSeconds());
    }

    @Override
    public void thawed(Freeze freeze) {
        witnessed.add("thawed");
    }

    static Runnable failing(ErrorCode code) {
        return () -> {
            throw code.because("as scripted");
        };
    }

    /** Time passes in the phase, then it returns as if nothing were. */
    Runnable taking(Duration duration) {
        return () -> clock.advance(duration);
    }

    /** Never returns by itself; an interrupt ends it. */
    Runnable hanging() {
        return () -> {
            clock.advance(Duration.ofHours(1));
            try {
                release.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw ErrorCode.CANCELLED.because("interrupted", interrupted);
            }
        };
    }

    /** Never returns by itself, and heeds no interrupt. */
    Runnable deaf() {
        return () -> {
            clock.advance(Duration.ofHours(1));
            while (release.getCount() > 0) {
                LockSupport.parkNanos(1_000_000);
                Thread.interrupted();
            }
        };
    }

    /** A copy of nothing. */
    static final class NoSink implements CopySink {

        @Override
        public void tree(TreeCopy copy) {}

        @Override
        public void file(Path source, PathBytes as, Cut cut) {}

        @Override
        public void content(PathBytes as, byte[] content, PathBytes attributesOf) {}

        @Override
        public void stream(PathBytes as, InputStream content, StreamAttributes attributes, Cut cut) {}
    }

    static String line(Phase phase, Outcome outcome) {
        return phase.label() + " " + outcome;
    }
}
