package org.medbackup.store.gcs;

import java.io.IOException;
import java.time.Instant;
import org.medbackup.core.error.BackupException;

/** Whom tokens are asked of. Immutable. */
sealed interface Issuer permits ServiceAccount, Machine {

    /**
     * A request for a token.
     *
     * @param ask where to
     * @param body what it carries
     */
    record Request(Ask ask, Body body) {

        @Override
        public String toString() {
            return "Request[]";
        }
    }

    /** Asks for a token of about an hour. */
    Request request(Instant now);

    /** What a refusal means. */
    BackupException refusal(Answer answer);

    /**
     * What it means that nobody answered.
     *
     * @throws IOException the same, where that may pass
     */
    default BackupException unanswered(IOException failed) throws IOException {
        throw failed;
    }
}
