package org.medbackup.control;

import org.medbackup.core.error.ErrorCode;

/** A request is not taken, with a status that says more than the code of its failure. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Reply.Document reply;

    Refusal(int status, String detail) {
        this(Reply.problem(status, ErrorCode.CONTROL_REQUEST_INVALID.because(detail)));
    }

    private Refusal(Reply.Document reply) {
        super("refused with " + reply.status());
        this.reply = reply;
    }

    Refusal with(String header, String value) {
        return new Refusal(reply.with(header, value));
    }

    Reply.Document reply() {
        return reply;
    }
}
