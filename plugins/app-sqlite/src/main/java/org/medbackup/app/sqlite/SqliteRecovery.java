package org.medbackup.app.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.RecoveryTarget;

/** Opens a restored database and checks it; there is no server to start. */
final class SqliteRecovery implements ApplicationRecovery {

    private static final String REMEDY = "restore another restore point; keep this copy as evidence";

    /** The file is all there is. */
    @Override
    public boolean worksApart() {
        return true;
    }

    @Override
    public boolean replays() {
        return false;
    }

    @Override
    public Recovered start(RestoredFiles files, Deadline deadline) {
        if (!(files.target() instanceof RecoveryTarget.BackupEnd)) {
            throw ErrorCode.USAGE.because("SQLite is restored to the end of a backup only: it keeps no log");
        }
        String original = files.evidence().get("file");
        if (original == null) {
            throw ErrorCode.RESTORED_APPLICATION_INVALID.because("the restore point does not name a database file");
        }
        Path path = Path.of(original);
        Path restored = files.root().resolve(path.subpath(0, path.getNameCount()));
        try {
            DatabaseFile.read(restored);
            removeForeignJournals(restored);
            try (Sqlite database = Sqlite.open(restored, true, deadline.remaining())) {
                database.ask("open", "SELECT count(*) FROM sqlite_schema");
            }
        } catch (BackupException | IOException failed) {
            throw ErrorCode.RESTORED_APPLICATION_INVALID.because("the restored database does not open", failed);
        }
        return new Opened(restored, files.evidence());
    }

    /** A journal of another time, left by what was there before, would be rolled back into the restored file. */
    private static void removeForeignJournals(Path restored) throws IOException {
        for (String suffix : List.of("-journal", "-wal", "-shm")) {
            Files.deleteIfExists(restored.resolveSibling(restored.getFileName() + suffix));
        }
    }

    private record Opened(Path file, Map<String, String> evidence) implements Recovered {

        private static final Duration BUSY = Duration.ofSeconds(5);

        @Override
        public String address() {
            return "jdbc:sqlite:" + file;
        }

        @Override
        public Reached reached() {
            return new Reached(null, evidence.getOrDefault("position", "the end of the backup"));
        }

        @Override
        public Optional<String> ask(String statement, Deadline deadline) {
            try (Sqlite database = Sqlite.open(file, true, deadline.remaining())) {
                return Optional.of(database.ask("ask", statement));
            }
        }

        @Override
        public List<Readiness> verify(Deadline deadline) {
            return List.of(pragma("integrity_check", "PRAGMA integrity_check(1)", "ok"));
        }

        private Readiness pragma(String name, String sql, String good) {
            boolean ok;
            try (Sqlite database = Sqlite.open(file, true, BUSY)) {
                ok = database.ask(name, sql).equals(good);
            } catch (BackupException damaged) {
                ok = false;
            }
            return new Readiness(name, ok, ok ? "no damage was found" : "the database is damaged", ok ? "" : REMEDY);
        }

        @Override
        public void close() {
            // Each look at the file has a connection of its own.
        }
    }
}
