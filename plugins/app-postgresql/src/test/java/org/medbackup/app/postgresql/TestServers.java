package org.medbackup.app.postgresql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.medbackup.core.Entropy;
import org.medbackup.core.process.Processes;
import org.medbackup.postgres.NewCluster;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.postgres.PostgresServer;

/**
 * The installations that tests run against: the bundled one, unpacked once for this JVM, and all of this machine. A cluster
 * is created once for each, and copied for each test that wants one: that takes a tenth of the time.
 */
public final class TestServers {

    private static final OpenFolder CACHE = new OpenFolder();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(CACHE::close));
    }

    private static final PostgresInstallation BUNDLED =
            PostgresInstallation.bundled(CACHE.path(), Processes.system()).orElseThrow();
    private static final List<PostgresInstallation> ALL = Stream.concat(
                    Stream.of(BUNDLED), PostgresInstallation.installed(Processes.system()).stream())
            .filter(each -> each.major() >= 13)
            .toList();
    private static final NewCluster NEW =
            NewCluster.withRandomPassword(Entropy.system()).with("--no-sync", "--wal-segsize=1");
    private static final Map<PostgresInstallation, Path> TEMPLATES = new ConcurrentHashMap<>();

    private TestServers() {}

    public static PostgresInstallation bundled() {
        return BUNDLED;
    }

    public static List<PostgresInstallation> all() {
        return ALL;
    }

    /**
     * The bundled one and the newest of this machine, under names that are the same on every machine: the names stand in
     * the results.
     */
    public static List<Named<PostgresInstallation>> named() {
        return ALL.stream()
                .limit(2)
                .map(each -> Named.of(each.equals(BUNDLED) ? "bundled" : "installed", each))
                .toList();
    }

    /**
     * The server of another version than the bundled one, without tools. Maven puts the archives there: two versions of one
     * artifact cannot stand on one path.
     */
    static PostgresInstallation ofMajor(int major) {
        Path root = Path.of(System.getProperty("medbackup.root", "../.."));
        Path jar = root.resolve("plugins/app-postgresql/target/servers/postgresql-" + major + ".jar");
        String archive = "jar:" + jar.toAbsolutePath().normalize().toUri() + "!/postgres-linux-x86_64.txz";
        try {
            return PostgresInstallation.unpacked(
                    URI.create(archive).toURL(), CACHE.resolve("servers"), Processes.system());
        } catch (MalformedURLException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Of the superuser of every cluster of this JVM. */
    static String password() {
        return NEW.password().use(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** Puts a cluster into a folder. All of one installation have the same system identifier. */
    static void copyCluster(PostgresInstallation installation, Path folder) {
        Path template = TEMPLATES.computeIfAbsent(installation, each -> {
            Path made = CACHE.resolve("template-" + TEMPLATES.size());
            createCluster(each, made);
            return made;
        });
        BackupCase.duplicate(template, folder);
    }

    /** Creates a cluster with a system identifier of its own. */
    static void createCluster(PostgresInstallation installation, Path folder) {
        PostgresServer.create(installation, folder, NEW, TestCluster.OUTSIDE);
        try {
            // Restored with the rest, so that restored servers are as quick.
            Files.writeString(folder.resolve("postgresql.auto.conf"), "fsync = 'off'\n", StandardOpenOption.APPEND);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
