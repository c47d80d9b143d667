package org.medbackup.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.postgres.NewCluster;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.postgres.PostgresServer;
import org.medbackup.postgres.ServerSettings;
import org.medbackup.postgres.SocketSession;

/** A running PostgreSQL in a folder of its own, which its account may enter. */
final class Database implements AutoCloseable {

    final Path folder;
    private final PostgresServer server;
    private final String password;

    Database() {
        try {
            folder = Files.createTempDirectory("medbackup-test-");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Outside outside = Outside.system();
        PostgresInstallation installation = PostgresInstallation.bundled(folder.resolve("server"), outside.processes())
                .orElseThrow();
        NewCluster cluster = NewCluster.withRandomPassword(Entropy.system()).with("--no-sync", "--wal-segsize=1");
        PostgresServer.create(installation, folder.resolve("data"), cluster, outside);
        trustTheSocket(folder.resolve("data/pg_hba.conf"));
        ServerSettings settings = ServerSettings.loggingTo(folder.resolve("server.log"))
                .with("fsync", "off")
                .with("shared_buffers", "8MB")
                .with("max_wal_size", "32MB");
        server = PostgresServer.start(
                installation,
                folder.resolve("data"),
                settings,
                Deadline.after(TimeSource.system(), Duration.ofSeconds(60)),
                outside);
        password = cluster.password().use(bytes -> new String(bytes, StandardCharsets.US_ASCII));
    }

    private static void trustTheSocket(Path rules) {
        try {
            Files.writeString(rules, "local all postgres trust\n" + Files.readString(rules));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    String address() {
        return address("postgres", password);
    }

    String address(String user, String secret) {
        return "postgresql://" + user + ":" + secret + "@127.0.0.1:" + server.port() + "/postgres";
    }

    String password() {
        return password;
    }

    /** Runs a statement as the superuser; gives its first value. */
    String ask(String statement) {
        try (SocketSession session = server.session("postgres", "postgres")) {
            List<List<@Nullable String>> rows = session.query(statement);
            return rows.isEmpty() ? "" : String.valueOf(rows.getFirst().getFirst());
        }
    }

    Path data() {
        return folder.resolve("data");
    }

    @Override
    public void close() {
        server.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
