package org.medbackup.service;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.RefusedException;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.governor.observe.Violation;

/** Runs operations so that each says its beginning and its end, whatever happens between. */
final class Operations {

    /** The log of the innermost operation of this thread, for those who are only asked in its course. */
    static final ScopedValue<OperationLog> CURRENT = ScopedValue.newInstance();

    private final Settings settings;
    private final EventSink sink;
    private final AccessControl access;

    Operations(Settings settings, EventSink sink, AccessControl access) {
        this.settings = settings;
        this.sink = sink;
        this.access = access;
    }

    /** How an operation ended that did not fail. */
    record Ending(Outcome outcome, @Nullable ErrorCode code, Facts facts) {

        static Ending success(Facts facts) {
            return new Ending(Outcome.SUCCESS, null, facts);
        }

        /** Success, or success with damage that was met on the way. */
        static Ending ofDamage(boolean whole, Facts facts) {
            return whole ? success(facts) : new Ending(Outcome.FINDING, ErrorCode.OBJECT_DAMAGED, facts);
        }
    }

    /** Runs an operation. */
    <T> T run(String action, Facts facts, Function<OperationLog, T> work, Function<T, Ending> ending) {
        if (AccessGuard.REQUESTING.isBound() && !AccessGuard.isRequestable(action)) {
            throw ErrorCode.USAGE.because("`" + action + "` is nothing that others approve");
        }
        OperationLog log = OperationLog.open(settings.time(), settings.entropy(), sink, action, access.actor(), facts);
        T result;
        try {
            access.admit(action, log);
            result = ScopedValue.where(CURRENT, log).call(() -> work.apply(log));
        } catch (BackupException failure) {
            log.ended(outcome(failure), failure.code(), Facts.NONE);
            throw failure;
        } catch (RuntimeException | Error unforeseen) {
            log.ended(Outcome.FAILURE, ErrorCode.INTERNAL, Facts.NONE);
            throw unforeseen;
        }
        Ending end = ending.apply(result);
        log.ended(end.outcome(), end.code(), end.facts());
        return result;
    }

    /** Somebody saw that more was used than a limit allows: an operation of its own, that finds it. */
    void violated(Violation violation) {
        run(
                "limit-check",
                violation.facts(),
                log -> {
                    log.found(ErrorCode.LIMIT_VIOLATED, violation.facts());
                    return violation;
                },
                seen -> new Ending(Outcome.FINDING, ErrorCode.LIMIT_VIOLATED, Facts.of("charged", seen.charged())));
    }

    static Outcome outcome(BackupException failure) {
        return switch (failure) {
            case RefusedException _ -> Outcome.REFUSED;
            case CancelledException _ -> Outcome.CANCELLED;
            case DamageException _ -> Outcome.FINDING;
            default -> Outcome.FAILURE;
        };
    }
}
