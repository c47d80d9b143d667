package org.medbackup.app.sqlserver;

import java.sql.Connection;
import java.sql.SQLException;
import org.medbackup.core.Deadline;

/** Opens connections to one server, without a pool: a pool would give the session that suspends to somebody else. */
@FunctionalInterface
public interface ConnectionSource {

    /**
     * Opens one, in autocommit mode.
     *
     * @param name what the server's own list of sessions shows
     */
    Connection connect(String name, Deadline deadline) throws SQLException;
}
