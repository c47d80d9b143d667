package org.medbackup.service;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.medbackup.audit.AuditTrail;
import org.medbackup.audit.export.ExportOrigin;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.resilience.escalation.Cause;
import org.medbackup.resilience.escalation.Description;
import org.medbackup.resilience.escalation.FailureReport;
import org.medbackup.resilience.escalation.Proof;
import org.medbackup.service.config.AuditSinkEntry;

/**
 * Sends the audit trail to receivers while the daemon runs, each by a thread of its own. One that fails is an incident, once,
 * and is tried again later; nothing waits for it.
 */
final class AuditStreams implements AutoCloseable {

    private static final long LOOK_MILLIS = 1000;
    private static final long LONGEST_PAUSE_MILLIS = 60_000;

    private final Parts parts;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Thread> threads;

    /**
     * What they work with.
     *
     * @param state folder, in which the positions are kept
     * @param log of the daemon
     */
    record Parts(Path state, Incidents incidents, String host, OperationLog log) {}

    private AuditStreams(List<AuditSinkEntry> sinks, AuditTrail trail, ExportOrigin origin, Parts parts) {
        this.parts = parts;
        this.threads = sinks.stream()
                .map(sink -> Thread.ofPlatform()
                        .daemon()
                        .name("medbackup-audit-" + sink.format().word())
                        .unstarted(() -> send(sink, new AuditStream(sink, trail, origin, parts.state()))))
                .toList();
    }

    /** Begins; never fails. */
    static AuditStreams start(List<AuditSinkEntry> sinks, AuditTrail trail, ExportOrigin origin, Parts parts) {
        var streams = new AuditStreams(sinks, trail, origin, parts);
        streams.threads.forEach(Thread::start);
        return streams;
    }

    private void send(AuditSinkEntry sink, AuditStream stream) {
        var standing = new Standing(sink);
        long pause = 0;
        while (isOpenAfter(pause)) {
            try {
                boolean more = stream.step();
                standing.works();
                pause = more ? 0 : LOOK_MILLIS;
            } catch (BackupException failed) {
                standing.fails(failed.code());
                pause = Math.min(LONGEST_PAUSE_MILLIS, Math.max(LOOK_MILLIS, pause * 2));
            } catch (RuntimeException unforeseen) {
                standing.fails(ErrorCode.INTERNAL);
                pause = LONGEST_PAUSE_MILLIS;
            }
        }
    }

    private boolean isOpenAfter(long millis) {
        try {
            return !closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException ended) {
            return false;
        }
    }

    /** Whether one receiver works, as far as people were told. */
    private final class Standing {

        private final String resource;
        private boolean known;
        private boolean failing;

        Standing(AuditSinkEntry sink) {
            this.resource = "audit-" + sink.format().word() + "-" + sink.to().getHost();
        }

        void works() {
            if (!known || failing) {
                known = say(() -> mend());
                failing = false;
            }
        }

        private void mend() {
            parts.incidents().with(escalation -> {
                escalation.incidents().stream()
                        .filter(each ->
                                each.cause().equals(new Cause(each.cause().failure(), resource)))
                        .forEach(each -> escalation.mended(new Proof.ResourceWorks(each.cause())));
                return true;
            });
        }

        void fails(ErrorCode code) {
            if (failing || closed.getCount() == 0) {
                return;
            }
            failing = say(() -> {
                parts.log().found(code, Facts.of("stage", "audit-stream"));
                parts.incidents().with(escalation -> {
                    escalation.failed(new FailureReport(
                            new Cause(code.name(), resource),
                            "",
                            code == ErrorCode.AUDIT_DAMAGED ? Severity.CRITICAL : Severity.ERROR,
                            null,
                            Description.of(code, parts.host())));
                    return true;
                });
            });
        }

        /** What cannot be said now is said the next time. */
        private boolean say(Runnable what) {
            try {
                what.run();
                return true;
            } catch (RuntimeException unsaid) {
                return false;
            }
        }
    }

    /** Ends what is under way: what was not taken is sent the next time. */
    @Override
    public void close() {
        closed.countDown();
        threads.forEach(Thread::interrupt);
        for (Thread each : threads) {
            try {
                each.join();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
