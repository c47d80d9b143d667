package org.medbackup.app.postgresql.recovery;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.postgres.SocketSession;

/**
 * What must be true in the restored database by the rules of its owner. Structure and checksums can be whole in a copy that
 * mixes two times; only this finds it.
 *
 * @param queries one a line
 */
record Invariants(String queries) {

    /** By this name the queries stand in the evidence of a restore point. */
    static final String EVIDENCE = "invariant";

    /** Asks all of them, changing nothing. */
    List<Readiness> run(SocketSession session, Deadline deadline) {
        List<Readiness> found = new ArrayList<>();
        for (String query : queries.lines().filter(line -> !line.isBlank()).toList()) {
            String name = EVIDENCE + "_" + (found.size() + 1);
            boolean holds = holds(session, query, deadline);
            // What the query is about stays out of the message: it may name patients.
            found.add(new Readiness(
                    name,
                    holds,
                    holds ? "it holds" : "it does not hold",
                    holds ? "" : "restore another restore point; keep this copy as evidence"));
        }
        return found;
    }

    private static boolean holds(SocketSession session, String query, Deadline deadline) {
        session.query("BEGIN READ ONLY");
        try {
            session.query("SET LOCAL statement_timeout = "
                    + Math.max(1, deadline.remaining().toMillis()));
            var rows = session.query(query);
            return rows.size() == 1 && "t".equals(rows.getFirst().getFirst());
        } catch (BackupException failed) {
            return false;
        } finally {
            session.query("ROLLBACK");
        }
    }
}
