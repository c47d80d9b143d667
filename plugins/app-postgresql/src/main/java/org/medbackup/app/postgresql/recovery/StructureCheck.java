package org.medbackup.app.postgresql.recovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.process.Completed;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.postgres.PostgresServer;
import org.medbackup.postgres.SocketSession;

/**
 * Reads a restored cluster through: tables against indexes by {@code pg_amcheck}, where it is installed; by the functions of
 * the extension {@code amcheck} otherwise; and where there is neither, every table from end to end.
 */
record StructureCheck(PostgresServer server, RecoveredServer.Files files, Outside outside, Deadline deadline) {

    private static final String REMEDY = "restore another restore point; keep this copy as evidence";

    List<Readiness> run() {
        if (server.installation().tool("pg_amcheck").isPresent()) {
            return List.of(byTool());
        }
        List<Integer> damaged = new ArrayList<>();
        List<Integer> unreadable = new ArrayList<>();
        for (String database : databases()) {
            try (SocketSession session = session(database)) {
                boolean extension = hasExtension(session);
                if (extension) {
                    damaged.add(byExtension(session));
                }
                // Before version 14 the extension looks at indexes, and at tables only where they have one.
                if (!extension || files.installation().major() < 14) {
                    unreadable.add(byReading(session));
                }
            }
        }
        return Stream.of(readiness("amcheck", damaged), readiness("read", unreadable))
                .flatMap(Optional::stream)
                .toList();
    }

    /** One finding of all databases; none where no database was looked at in this way. */
    private static Optional<Readiness> readiness(String name, List<Integer> faults) {
        int all = faults.stream().mapToInt(Integer::intValue).sum();
        return faults.isEmpty()
                ? Optional.empty()
                : Optional.of(readiness(name, all == 0, all + " relations are damaged"));
    }

    private Readiness byTool() {
        List<String> added = withExtension();
        try {
            Completed done = outside.processes()
                    .run(server.command(
                                    "pg_amcheck",
                                    "--host=" + server.socketFolder(),
                                    "--port=" + server.port(),
                                    "--username=" + files.superuser(),
                                    "--no-password",
                                    "--all",
                                    "--heapallindexed")
                            .within(deadline.remaining()));
            return readiness("pg_amcheck", done.succeeded(), "pg_amcheck ended with " + done.exitCode());
        } finally {
            added.forEach(database -> inDatabase(database, "DROP EXTENSION IF EXISTS amcheck"));
        }
    }

    /** Adds the extension where it is missing; gives those databases, so that it can be taken away again. */
    private List<String> withExtension() {
        List<String> added = new ArrayList<>();
        for (String database : databases()) {
            List<List<@Nullable String>> there =
                    inDatabase(database, "SELECT 1 FROM pg_catalog.pg_extension WHERE extname = 'amcheck'");
            if (there.isEmpty()) {
                inDatabase(database, "CREATE EXTENSION IF NOT EXISTS amcheck");
                added.add(database);
            }
        }
        return added;
    }

    private List<List<@Nullable String>> inDatabase(String database, String sql) {
        try (SocketSession session = session(database)) {
            return session.query(sql);
        }
    }

    private SocketSession session(String database) {
        SocketSession session = server.session(files.superuser(), database);
        session.query(
                "SET statement_timeout = " + Math.max(1, deadline.remaining().toMillis()));
        return session;
    }

    private List<String> databases() {
        return inDatabase(files.database(), "SELECT datname FROM pg_catalog.pg_database WHERE datallowconn ORDER BY 1")
                .stream()
                .map(row -> String.valueOf(row.getFirst()))
                .toList();
    }

    private static boolean hasExtension(SocketSession session) {
        return !session.query("SELECT 1 FROM pg_catalog.pg_available_extensions WHERE name = 'amcheck'")
                .isEmpty();
    }

    /** In a transaction that is rolled back: the copy keeps no extension that it did not have. */
    private int byExtension(SocketSession session) {
        session.query("BEGIN; CREATE EXTENSION IF NOT EXISTS amcheck;"
                + " SELECT pg_catalog.set_config('search_path', pg_catalog.quote_ident(n.nspname), true)"
                + " FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
                + " WHERE e.extname = 'amcheck'");
        int faults = faults(
                session,
                "SELECT 'SELECT bt_index_check(' || i.indexrelid || '::regclass, true)'"
                        + " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
                        + " JOIN pg_catalog.pg_am a ON a.oid = c.relam"
                        + " WHERE a.amname = 'btree' AND c.relpersistence = 'p' AND i.indisvalid",
                // It gives nothing back, and fails where something is wrong.
                ""::equals);
        if (files.installation().major() >= 14) {
            faults += faults(
                    session,
                    "SELECT 'SELECT count(*) FROM verify_heapam(' || c.oid || '::regclass)'"
                            + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_am a ON a.oid = c.relam"
                            + " WHERE c.relkind IN ('r', 'm', 't') AND c.relpersistence = 'p' AND a.amname = 'heap'",
                    "0"::equals);
        }
        session.query("ROLLBACK");
        return faults;
    }

    private int byReading(SocketSession session) {
        session.query("BEGIN; SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_indexscan = off;"
                + " SET LOCAL enable_bitmapscan = off");
        int faults = faults(
                session,
                "SELECT 'SELECT count(*) FROM ' || c.oid::regclass FROM pg_catalog.pg_class c"
                        + " WHERE c.relkind IN ('r', 'm', 't') AND c.relpersistence = 'p'",
                count -> true);
        session.query("ROLLBACK");
        return faults;
    }

    /** Runs every statement that a query gives; how many failed or answered what they should not. */
    private static int faults(SocketSession session, String statements, Predicate<String> good) {
        int faults = 0;
        for (List<@Nullable String> row : session.query(statements)) {
            session.query("SAVEPOINT one");
            try {
                List<@Nullable String> answer =
                        session.query(String.valueOf(row.getFirst())).getFirst();
                faults += good.test(String.valueOf(answer.getFirst())) ? 0 : 1;
            } catch (BackupException damaged) {
                faults++;
                session.query("ROLLBACK TO one");
            }
            session.query("RELEASE one");
        }
        return faults;
    }

    private static Readiness readiness(String name, boolean ok, String fault) {
        return new Readiness(name, ok, ok ? "no damage was found" : fault, ok ? "" : REMEDY);
    }
}
