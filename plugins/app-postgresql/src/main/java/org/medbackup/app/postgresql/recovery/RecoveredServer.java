package org.medbackup.app.postgresql.recovery;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ApplicationRecovery.Reached;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.postgres.PostgresServer;
import org.medbackup.postgres.ServerSettings;
import org.medbackup.postgres.SocketSession;

/**
 * A restored server that runs. For its checks it has one role more than it was backed up with; closing takes that away.
 *
 * <p>{@link #address} holds the password of that role, which is good for this server only.
 *
 * <p>{@link #verify} stops and starts the server once, on the same port if it is still free, where page checksums can be checked: that tool
 * wants a server that was stopped in order. Connections that were open end then.
 */
final class RecoveredServer implements Recovered {

    private static final Duration RESTART = Duration.ofMinutes(2);

    private final Files files;
    private final PostgresRecovery.Guest guest;
    private final Outside outside;
    private final Reached reached;
    private PostgresServer server;

    private RecoveredServer(
            Files files, PostgresRecovery.Guest guest, Outside outside, PostgresServer server, Reached reached) {
        this.files = files;
        this.guest = guest;
        this.outside = outside;
        this.server = server;
        this.reached = reached;
    }

    /** What it is started from. */
    record Files(PostgresInstallation installation, Path data, ServerSettings settings, Map<String, String> evidence) {

        String superuser() {
            return evidence.getOrDefault("superuser", "postgres");
        }

        String database() {
            return evidence.getOrDefault("database", "postgres");
        }
    }

    static RecoveredServer start(Files files, PostgresRecovery.Guest guest, Deadline deadline, Outside outside) {
        PostgresServer server = startServer(files, files.settings(), deadline, outside);
        try (SocketSession session = server.session(files.superuser(), files.database())) {
            Reached reached = reached(session);
            admit(session, guest);
            return new RecoveredServer(files, guest, outside, server, reached);
        } catch (RuntimeException failed) {
            server.close();
            throw failed;
        }
    }

    private static PostgresServer startServer(
            Files files, ServerSettings settings, Deadline deadline, Outside outside) {
        try {
            return PostgresServer.start(files.installation(), files.data(), settings, deadline, outside);
        } catch (BackupException failed) {
            if (failed.code() != ErrorCode.APPLICATION_FAILED) {
                throw failed;
            }
            BackupException invalid =
                    ErrorCode.RESTORED_APPLICATION_INVALID.because("the restored server does not start", failed);
            failed.context().forEach(invalid::with);
            throw invalid;
        }
    }

    private static Reached reached(SocketSession session) {
        List<@Nullable String> row = session.query(
                        "SELECT extract(epoch FROM pg_catalog.pg_last_xact_replay_timestamp()),"
                                + " coalesce(pg_catalog.pg_last_wal_replay_lsn(), pg_catalog.pg_current_wal_lsn())")
                .getFirst();
        String seconds = row.get(0);
        Instant last = seconds == null ? null : instant(seconds);
        return new Reached(last, String.valueOf(row.get(1)));
    }

    private static Instant instant(String epochSeconds) {
        var exact = new java.math.BigDecimal(epochSeconds);
        long micros = exact.movePointRight(6).longValue();
        return Instant.EPOCH.plus(micros, java.time.temporal.ChronoUnit.MICROS);
    }

    /** Only what the password is checked against goes to the server, never the password. */
    private static void admit(SocketSession session, PostgresRecovery.Guest guest) {
        String verifier = ScramVerifier.of(guest.password(), Entropy.system());
        session.query("CREATE ROLE " + guest.role() + " SUPERUSER LOGIN PASSWORD '" + verifier + "'");
    }

    @Override
    public String address() {
        return "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + files.database() + "?user=" + guest.role()
                + "&password=" + guest.password();
    }

    @Override
    public Reached reached() {
        return reached;
    }

    @Override
    public OptionalInt port() {
        return OptionalInt.of(server.port());
    }

    /** In a transaction that only reads, and is rolled back. */
    @Override
    public Optional<String> ask(String statement, Deadline deadline) {
        try (SocketSession session = server.session(files.superuser(), files.database())) {
            session.query("BEGIN READ ONLY");
            session.query("SET LOCAL statement_timeout = "
                    + Math.clamp(deadline.remaining().toMillis(), 1, Integer.MAX_VALUE));
            List<List<@Nullable String>> rows = session.query(statement);
            session.query("ROLLBACK");
            return rows.isEmpty() || rows.getFirst().isEmpty()
                    ? Optional.empty()
                    : Optional.ofNullable(rows.getFirst().getFirst());
        }
    }

    @Override
    public List<Readiness> verify(Deadline deadline) {
        List<Readiness> found = new ArrayList<>(new StructureCheck(server, files, outside, deadline).run());
        found.addAll(invariants(deadline));
        var checksums = new ChecksumCheck(server, files, outside);
        if (checksums.isPossible()) {
            found.add(checksums.run(deadline));
            server = startAgain(server.port());
        }
        return List.copyOf(found);
    }

    private List<Readiness> invariants(Deadline deadline) {
        String queries = files.evidence().getOrDefault(Invariants.EVIDENCE, "");
        if (queries.isBlank()) {
            return List.of();
        }
        try (SocketSession session = server.session(files.superuser(), files.database())) {
            return new Invariants(queries).run(session, deadline);
        }
    }

    private PostgresServer startAgain(int port) {
        Deadline soon = Deadline.after(outside.time(), RESTART);
        try {
            ServerSettings samePort = files.settings().with("port", Integer.toString(port));
            return startServer(files, samePort, soon, outside);
        } catch (BackupException taken) {
            // Somebody may have taken the port meanwhile; what is wrong with the server itself fails again here.
            return startServer(files, files.settings(), soon, outside);
        }
    }

    @Override
    public void close() {
        if (!server.isAlive()) {
            server.close();
            return;
        }
        try (SocketSession session = server.session(files.superuser(), files.database())) {
            session.query("DROP ROLE IF EXISTS " + guest.role());
        } catch (BackupException stillThere) {
            // It owns nothing, nobody knows its password, and the copy's own access rules do not admit it.
            System.getLogger(RecoveredServer.class.getName())
                    .log(System.Logger.Level.DEBUG, "the role of the checks stays in the restored copy");
        } finally {
            server.close();
        }
    }
}
