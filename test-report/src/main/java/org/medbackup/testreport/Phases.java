package org.medbackup.testreport;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The phases of one test; without a call if the test ended before it. */
record Phases(Phase setup, @Nullable Phase call, Phase teardown) {

    private static final Phase NOTHING = Phase.passed(0);

    /** A test that was not begun. */
    static Phases skipped(String reason) {
        return new Phases(Phase.skipped(0, reason), null, NOTHING);
    }

    /** What stands for a class or a factory that broke before its first test. */
    static Phases brokenSetup(Phase setup) {
        return new Phases(setup, null, NOTHING);
    }

    /** What stands for a class or a factory that broke after its tests. */
    static Phases brokenTeardown(Phase teardown) {
        return new Phases(NOTHING, null, teardown);
    }

    /** A test of which only the whole is known. */
    static Phases untimed(long nanos, @Nullable Throwable thrown, PathRedactor redactor) {
        return new Phases(NOTHING, ended(nanos, thrown, redactor), NOTHING);
    }

    /** A test whose call was timed, or was not reached. */
    static Phases timed(long began, CallPhase call, long ended, @Nullable Throwable thrown, PathRedactor redactor) {
        if (call.began() == null) {
            return brokenSetup(ended(ended - began, thrown, redactor));
        }
        long callEnded = Objects.requireNonNullElse(call.ended(), ended);
        // What the test as a whole ended with is the call's, unless the call had ended otherwise.
        Throwable later = Objects.equals(thrown, call.failure()) ? null : thrown;
        return new Phases(
                Phase.passed(call.began() - began),
                ended(callEnded - call.began(), call.failure(), redactor),
                ended(ended - callEnded, later, redactor));
    }

    private static Phase ended(long nanos, @Nullable Throwable thrown, PathRedactor redactor) {
        return thrown == null ? Phase.passed(nanos) : Phase.ended(nanos, thrown, redactor);
    }

    /** As pytest has it: a call can fail; what breaks around it is an error. */
    Outcome outcome() {
        Outcome called = call == null ? Outcome.PASSED : call.outcome();
        if (called == Outcome.FAILED) {
            return Outcome.FAILED;
        }
        if (setup.outcome() == Outcome.FAILED || teardown.outcome() == Outcome.FAILED) {
            return Outcome.ERROR;
        }
        boolean skipped = called == Outcome.SKIPPED
                || setup.outcome() == Outcome.SKIPPED
                || teardown.outcome() == Outcome.SKIPPED;
        return skipped ? Outcome.SKIPPED : Outcome.PASSED;
    }
}
