package org.medbackup.app.sqlite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.PathBytes;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.app.CopySink.Choice;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.TreeCopy;

/**
 * One SQLite database for one backup. Never frozen: the copy is made by SQLite's own backup interface in one step, which in
 * write-ahead mode holds up nobody and otherwise makes writers wait while it reads. The copy is complete when the point is
 * marked, and is handed over from the scratch folder.
 */
final class SqliteApplication implements Application {

    private final Path file;
    private final Path scratchRoot;
    private final Duration busy;
    private final TimeSource time;
    private @Nullable DatabaseFile head;
    private @Nullable Path scratch;
    private @Nullable String position;
    private Duration took = Duration.ZERO;

    SqliteApplication(Path file, Path scratchRoot, int busySeconds, Outside outside) {
        this.file = file;
        this.scratchRoot = scratchRoot;
        this.busy = Duration.ofSeconds(busySeconds);
        this.time = outside.time();
    }

    /** A digest of the path in its place: the address stands in events and in the audit trail, where no path may stand. */
    @Override
    public String address() {
        return "sqlite://" + digest(file);
    }

    private static String digest(Path path) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(path.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw ErrorCode.INTERNAL.because("the JDK lacks SHA-256", impossible);
        }
    }

    @Override
    public Discovery discover(Deadline deadline) {
        DatabaseFile found = DatabaseFile.read(file);
        head = found;
        try (Sqlite database = Sqlite.open(file, true, limited(deadline))) {
            return new Discovery(
                    database.ask("version", "SELECT sqlite_version()"),
                    identity(),
                    Map.of(
                            "file", file.toString(),
                            "journal", found.wal() ? "wal" : "rollback",
                            "page_size", Integer.toString(found.pageSize())));
        }
    }

    /** A file has no other identity than its place. */
    private String identity() {
        try {
            return digest(file.toRealPath());
        } catch (IOException gone) {
            throw ErrorCode.APPLICATION_UNREACHABLE.because("the database file is not there", gone);
        }
    }

    private Duration limited(Deadline deadline) {
        deadline.check("sqlite");
        return busy.compareTo(deadline.remaining()) < 0 ? busy : deadline.remaining();
    }

    @Override
    public List<Readiness> check(Deadline deadline) {
        DatabaseFile found = known(head, "discover");
        List<Readiness> all = new ArrayList<>();
        all.add(new Readiness(
                "journal",
                true,
                found.wal()
                        ? "a write-ahead log: a backup holds up nobody"
                        : "a rollback journal: writers wait while the copy is made; PRAGMA journal_mode=WAL avoids"
                                + " that",
                ""));
        all.add(readable(deadline));
        all.add(space());
        return List.copyOf(all);
    }

    private Readiness readable(Deadline deadline) {
        try (Sqlite database = Sqlite.open(file, true, limited(deadline))) {
            String tables = database.ask("schema", "SELECT count(*) FROM sqlite_schema WHERE type = 'table'");
            return new Readiness("database", true, "the database opens and has " + tables + " tables", "");
        } catch (BackupException failed) {
            return new Readiness(
                    "database", false, "the database cannot be read", "run MedBackup as root or as the file's owner");
        }
    }

    private Readiness space() {
        try {
            long room = Files.getFileStore(scratchRoot).getUsableSpace();
            boolean enough = Files.isWritable(scratchRoot) && room > Files.size(file);
            return new Readiness(
                    "scratch",
                    enough,
                    enough ? "there is room for the copy" : "there is no room for the copy",
                    enough ? "" : "name a folder with room for one copy of the database in the option scratch");
        } catch (IOException none) {
            return new Readiness(
                    "scratch", false, "the scratch folder cannot be used", "name another in the option scratch");
        }
    }

    @Override
    public void prepare(String run, Deadline deadline) {
        known(head, "discover");
        try {
            scratch = Files.createTempDirectory(
                    scratchRoot,
                    ".medbackup-sqlite",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException failed) {
            throw ErrorCode.APPLICATION_NOT_READY.because("the scratch folder cannot be used", failed);
        }
    }

    @Override
    public boolean freezes() {
        return false;
    }

    @Override
    public void freeze(Deadline deadline) {
        throw new IllegalStateException("SQLite is backed up without a freeze");
    }

    @Override
    public void mark(Deadline deadline) {
        Path copy = copy();
        Duration limit = limited(deadline);
        long begun = time.nanos();
        try (Sqlite database = Sqlite.open(file, true, limit)) {
            database.copyTo(copy, limit);
        }
        took = time.since(begun);
        settle(copy);
    }

    private Path copy() {
        return known(scratch, "prepare").resolve("copy.db");
    }

    /** The copy stands for itself: what would belong to it beside it is written into it. */
    private void settle(Path copy) {
        try (Sqlite database = Sqlite.open(copy, false, busy)) {
            position = "schema:"
                    + database.ask("position", "PRAGMA schema_version") + "/pages:"
                    + database.ask("position", "PRAGMA page_count");
        }
        try {
            Map<String, Object> original = Files.readAttributes(file, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
            for (String each : List.of("uid", "gid")) {
                Object wanted = known(original.get(each), "discover");
                if (!wanted.equals(Files.getAttribute(copy, "unix:" + each))) {
                    Files.setAttribute(copy, "unix:" + each, wanted);
                }
            }
            Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(file));
        } catch (IOException failed) {
            throw ErrorCode.APPLICATION_FAILED.because("the copy cannot be given the database's owner", failed);
        }
    }

    @Override
    public void thaw(Deadline deadline) {
        // Nothing was frozen.
    }

    @Override
    public void copy(CopySink sink) {
        known(position, "mark");
        Path folder = known(file.getParent(), "discover");
        // The folder for its owner and permissions; nothing else of it is the database.
        sink.tree(new TreeCopy(folder, bytes(folder), (below, isFolder) -> Choice.OMIT, Cut.CONTENT, true));
        sink.file(copy(), bytes(file), Cut.PAGES);
    }

    private static PathBytes bytes(Path path) {
        return PathBytes.copyOf(path.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Consistency verify(Deadline deadline) {
        Map<String, String> evidence = new TreeMap<>();
        String reached = known(position, "mark");
        evidence.put("copy_seconds", Double.toString(took.toMillis() / 1000.0));
        try (Sqlite database = Sqlite.open(copy(), true, busy)) {
            String quick = database.ask("check", "PRAGMA quick_check(1)");
            if (!quick.equals("ok")) {
                throw ErrorCode.APPLICATION_FAILED.because("the database is damaged: its own check does not pass");
            }
            evidence.put("quick_check", quick);
        }
        boolean wal = known(head, "discover").wal();
        return new Consistency(ConsistencyLevel.APPLICATION_CONSISTENT, reached, wal ? Duration.ZERO : took, evidence);
    }

    @Override
    public void after(Outcome outcome, Deadline deadline) {
        removeScratch();
    }

    private void removeScratch() {
        Path folder = scratch;
        scratch = null;
        if (folder == null) {
            return;
        }
        try {
            for (String each : List.of("copy.db", "copy.db-journal", "copy.db-wal", "copy.db-shm")) {
                Files.deleteIfExists(folder.resolve(each));
            }
            Files.deleteIfExists(folder);
        } catch (IOException failed) {
            throw ErrorCode.APPLICATION_FAILED.because("the copy in the scratch folder cannot be removed", failed);
        }
    }

    @Override
    public void close() {
        removeScratch();
    }

    private static <T> T known(@Nullable T value, String phase) {
        if (value == null) {
            throw new IllegalStateException("this phase comes after " + phase);
        }
        return value;
    }
}
