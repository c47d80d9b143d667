package org.medbackup.resilience.escalation;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.spi.notify.Severity;

/** What of the escalation itself fails is an incident like any other. Not safe for use by several threads. */
final class OwnFaults {

    /** Something that either works or does not, and of which that is not known yet. */
    private static final class Part {

        private final Cause cause;
        private @Nullable Boolean works;
        private boolean changed;

        Part(String resource) {
            cause = new Cause(ErrorCode.STATE_UNUSABLE.name(), resource);
        }

        void is(boolean working) {
            changed |= !Boolean.valueOf(working).equals(works);
            works = working;
        }

        void tell(IncidentBook book, String host, Instant now) {
            // Telling is an event too, which may fail or work again.
            changed = false;
            if (Boolean.TRUE.equals(works)) {
                book.mended(new Proof.ResourceWorks(cause), now);
            } else {
                book.failed(report(cause, Description.of(ErrorCode.STATE_UNUSABLE, host)), now);
            }
        }
    }

    private final String host;
    private final Part store = new Part("incidents");
    private final Part events = new Part("events");

    OwnFaults(String host) {
        this.host = host;
    }

    private static FailureReport report(Cause cause, Description description) {
        return new FailureReport(cause, "", Severity.ERROR, null, description);
    }

    void store(boolean works) {
        store.is(works);
    }

    void events(boolean works) {
        events.is(works);
    }

    /** Whether the state that was written down is older than what is known. */
    boolean isUnsaved() {
        return Boolean.FALSE.equals(store.works);
    }

    /** Whether something of it has begun or ceased to work. */
    boolean haveChanged() {
        return store.changed || events.changed;
    }

    /** Reports what has changed. */
    void tell(IncidentBook book, Instant now) {
        for (Part part : List.of(store, events)) {
            if (part.changed) {
                part.tell(book, host, now);
            }
        }
    }

    /** A channel has not taken a message, so often in a row. */
    FailureReport channel(String channel, ErrorCode code, int failures, Instant next) {
        return report(
                new Cause(code.name(), channel),
                new Description(
                        code.title(),
                        host,
                        "It was tried " + failures + " times in a row, and is told on other channels.",
                        next,
                        code.remedy()));
    }

    /** Whether a channel is away, or has something against this message: then others are not held up by it. */
    static ErrorCode codeOf(RuntimeException failed) {
        return failed instanceof UnavailableException
                ? ErrorCode.NOTIFICATION_UNDELIVERED
                : ErrorCode.NOTIFICATION_REFUSED;
    }

    /** What is over when a channel takes a message. */
    static List<Proof> working(String channel) {
        return List.of(
                new Proof.ResourceWorks(new Cause(ErrorCode.NOTIFICATION_UNDELIVERED.name(), channel)),
                new Proof.ResourceWorks(new Cause(ErrorCode.NOTIFICATION_REFUSED.name(), channel)));
    }

    /** Whether an incident is that of a channel. */
    static boolean isOfChannel(Cause cause) {
        return cause.failure().equals(ErrorCode.NOTIFICATION_UNDELIVERED.name())
                || cause.failure().equals(ErrorCode.NOTIFICATION_REFUSED.name());
    }
}
