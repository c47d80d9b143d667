package org.medbackup.testreport;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.Objects;
import org.opentest4j.TestAbortedException;

/**
 * Reports one phase of a test: set-up, call or tear-down.
 *
 * @param nanos how long it took
 * @param outcome how it ended; a phase never ends in an error, only its test does
 * @param explanation why it did not pass; empty if it did
 */
record Phase(long nanos, Outcome outcome, String explanation) {

    static Phase passed(long nanos) {
        return new Phase(nanos, Outcome.PASSED, "");
    }

    static Phase skipped(long nanos, String reason) {
        return new Phase(nanos, Outcome.SKIPPED, "Skipped: " + reason);
    }

    /** The phase in which that was thrown: a failure, or a skip where a test gave itself up. */
    static Phase ended(long nanos, Throwable thrown, PathRedactor redactor) {
        if (thrown instanceof TestAbortedException) {
            return skipped(nanos, redactor.redact(Objects.requireNonNullElse(thrown.getMessage(), "no reason given")));
        }
        var trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return new Phase(nanos, Outcome.FAILED, redactor.redact(trace.toString()));
    }

    Json json() {
        var json = Json.Obj.empty()
                .with("duration", Json.seconds(BigDecimal.valueOf(nanos, 9)))
                .with("outcome", Json.of(outcome.word()));
        return explanation.isEmpty() ? json : json.with("longrepr", Json.of(explanation));
    }
}
