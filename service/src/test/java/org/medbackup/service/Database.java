package org.medbackup.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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
        this(Database::bundled, 1, Map.of());
    }

    /**
     * A server of an installation.
     *
     * @param programs brings the installation into a folder, or finds it elsewhere
     * @param segment size of a segment of the log in MiB
     */
    Database(Function<Path, PostgresInstallation> programs, int segment, Map<String, String> parameters) {
        this(Path.of(System.getProperty("java.io.tmpdir")), programs, segment, parameters);
    }

    /** The same with its folder in another one, which everybody may enter. */
    Database(Path place, Function<Path, PostgresInstallation> programs, int segment, Map<String, String> parameters) {
        try {
            folder = Files.createTempDirectory(place, "medbackup-test-");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Outside outside = Outside.system();
        PostgresInstallation installation = programs.apply(folder.resolve("server"));
        NewCluster cluster =
                NewCluster.withRandomPassword(Entropy.system()).with("--no-sync", "--wal-segsize=" + segment);
        PostgresServer.create(installation, folder.resolve("data"), cluster, outside);
        trustTheSocket(folder.resolve("data/pg_hba.conf"));
        ServerSettings settings = ServerSettings.loggingTo(folder.resolve("server.log"))
                .with("fsync", "off")
                .with("shared_buffers", "8MB")
                .with("max_wal_size", "32MB")
                .with(parameters);
        server = PostgresServer.start(
                installation,
                folder.resolve("data"),
                settings,
                Deadline.after(TimeSource.system(), Duration.ofSeconds(60)),
                outside);
        password = cluster.password().use(bytes -> new String(bytes, StandardCharsets.US_ASCII));
    }

    /** The one that ships with the product, without tools. */
    static PostgresInstallation bundled(Path folder) {
        return PostgresInstallation.bundled(folder, Outside.system().processes())
                .orElseThrow();
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

    int port() {
        return server.port();
    }

    PostgresInstallation installation() {
        return server.installation();
    }

    /** Runs a statement as the superuser; gives its first value. */
    String ask(String statement) {
        try (SocketSession session = server.session("postgres", "postgres")) {
            List<List<@Nullable String>> rows = session.query(statement);
            return rows.isEmpty() ? "" : String.valueOf(rows.getFirst().getFirst());
        }
    }

    /** A session of the superuser. */
    SocketSession session() {
        return server.session("postgres", "postgres");
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
