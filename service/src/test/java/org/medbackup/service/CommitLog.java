package org.medbackup.service;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/**
 * Which of pgbench's transactions were committed where: taken from the server's own log by {@code pg_walinspect}, a program
 * that is not ours. From it follows what every table must hold as of any position.
 */
final class CommitLog {

    /** Number of entries, what was moved in all, and the balances that are not zero of all accounts, tellers and branches. */
    private static final String BOOKS = """
        SELECT (SELECT count(*) || ' ' || coalesce(sum(delta), 0) FROM pgbench_history)
            || ' ' || (SELECT md5(coalesce(string_agg(aid || '=' || abalance, ',' ORDER BY aid), ''))
                         FROM pgbench_accounts WHERE abalance <> 0)
            || ' ' || (SELECT md5(coalesce(string_agg(tid || '=' || tbalance, ',' ORDER BY tid), ''))
                         FROM pgbench_tellers WHERE tbalance <> 0)
            || ' ' || (SELECT md5(coalesce(string_agg(bid || '=' || bbalance, ',' ORDER BY bid), ''))
                         FROM pgbench_branches WHERE bbalance <> 0)
        """;

    private static final String SUMS = """
        SELECT count(DISTINCT total) FROM (
            SELECT coalesce(sum(delta), 0) AS total FROM pgbench_history
            UNION ALL SELECT sum(abalance) FROM pgbench_accounts
            UNION ALL SELECT sum(tbalance) FROM pgbench_tellers
            UNION ALL SELECT sum(bbalance) FROM pgbench_branches) AS sums
        """;

    private static final String ENDED = """
        CREATE TABLE ended AS
        SELECT xid, start_lsn, record_type LIKE 'COMMIT%' AS committed,
               substring(description FROM '^[^;]*')::timestamptz AS at
          FROM pg_get_wal_records_info(FROM_POSITION, TO_POSITION)
         WHERE resource_manager = 'Transaction' AND record_type ~ '^(COMMIT|ABORT)'
        """;

    private final Database database;

    private CommitLog(Database database) {
        this.database = database;
    }

    /** Before pgbench works. */
    static void prepare(Database database) {
        database.ask("CREATE EXTENSION pg_walinspect");
    }

    /** After it has worked: reads the log between two positions. */
    static CommitLog read(Database database, String from, String to) {
        database.ask(ENDED.replace("FROM_POSITION", "'" + from + "'").replace("TO_POSITION", "'" + to + "'"));
        database.ask("CREATE TABLE replay AS SELECT e.start_lsn, h.tid, h.bid, h.aid, h.delta"
                + " FROM pgbench_history h JOIN ended e ON e.xid = h.xmin WHERE e.committed");
        if (!database.ask("SELECT (SELECT count(*) FROM replay) = (SELECT count(*) FROM pgbench_history)")
                .equals("t")) {
            throw new AssertionError("the log does not tell of every entry");
        }
        return new CommitLog(database);
    }

    long committed() {
        return Long.parseLong(database.ask("SELECT count(*) FROM replay"));
    }

    /** The books after every commit whose record begins before a position. */
    String booksAt(String position) {
        String before = "FROM replay WHERE start_lsn < '" + position + "'";
        return database.ask("SELECT (SELECT count(*) || ' ' || coalesce(sum(delta), 0) " + before + ") || ' '"
                + " || " + balances("aid", before) + " || ' ' || " + balances("tid", before)
                + " || ' ' || " + balances("bid", before));
    }

    private static String balances(String column, String before) {
        return "(SELECT md5(coalesce(string_agg(k || '=' || s, ',' ORDER BY k), '')) FROM (SELECT " + column
                + " AS k, sum(delta) AS s " + before + " GROUP BY 1 HAVING sum(delta) <> 0) AS one)";
    }

    /**
     * Where a recovery to a time ends: before the first end of a transaction, committed or not, that is later. Later ones in
     * the log may bear an earlier time.
     */
    String endOf(Instant time) {
        return database.ask("SELECT min(start_lsn) FROM ended WHERE at > '" + time + "'");
    }

    /** The books of a restored server. */
    static String books(String jdbc) {
        return ask(jdbc, BOOKS);
    }

    /** Whether the four sums of a restored server are the same. */
    static boolean sumsAreEqual(String jdbc) {
        return ask(jdbc, SUMS).equals("1");
    }

    private static String ask(String jdbc, String query) {
        try (Connection connection = DriverManager.getConnection(jdbc);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }
}
