package org.medbackup.app.sqlserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.sqlserver.fake.FakeInstance;
import org.medbackup.app.sqlserver.fake.Rule;
import org.medbackup.app.sqlserver.recovery.SqlServerRecovery;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.apps.ConsistentBackup;
import org.medbackup.core.Deadline;
import org.medbackup.core.Secret;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;
import org.medbackup.testkit.CopiedFolder;
import org.medbackup.testkit.FolderSnapshots;
import org.medbackup.testkit.MortalProcess;
import org.medbackup.testkit.SteppedTime;

/** A clock, a server that is a fake, a sandbox, and applications on them. Closing ends all of it. */
final class Stage implements AutoCloseable {

    static final String URL = "s3://store.example/backups/clinic";

    final SteppedTime time = new SteppedTime();
    final Path folder;
    final FakeInstance server;
    final FakeInstance sandbox;
    private final List<Application> open = new ArrayList<>();
    private final Secret key = Secret.ofText("AKIA:canary-secret");
    private FileSystemSnapshots snapshots = FileSystemSnapshots.none();
    private int copies;

    Stage(Set<Rule> off) {
        try {
            folder = Files.createTempDirectory("medbackup-sqlserver");
            Files.createDirectories(folder.resolve("backups"));
            Files.createDirectories(folder.resolve("scratch"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server = new FakeInstance(folder.resolve("data"), off).add("clinic").add("lab]s");
        sandbox = new FakeInstance(folder.resolve("sandbox"), off);
    }

    Stage() {
        this(Set.of());
    }

    Path backups() {
        return folder.resolve("backups");
    }

    FolderSnapshots snapshots(boolean atomic, Runnable between) {
        var made = new FolderSnapshots(folder.resolve("snapshots"), atomic, between);
        snapshots = made;
        return made;
    }

    Application application(String... options) {
        return application(server, snapshots, Map.of(), options);
    }

    /** An instance in a process of its own, which may die in the middle of a snapshot too. */
    Application application(MortalProcess process, Map<String, String> handle, String... options) {
        var own = new FolderSnapshots(folder.resolve("snapshots-" + copies++), false, process::work);
        return application(server.through(process), own, handle, options);
    }

    private Application application(
            ConnectionSource source, FileSystemSnapshots taking, Map<String, String> handle, String... options) {
        var all = new TreeMap<String, String>();
        all.put(Settings.FOLDER, backups().toString());
        all.put(Settings.SANDBOX, "sqlserver://sa@127.0.0.1:1434");
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        all.values().removeIf(String::isEmpty);
        var connection = new Connection(URI.create("sqlserver://backup@127.0.0.1/"), all, Map.of(Settings.S3_KEY, key))
                .with(handle);
        var outside = new Outside(time, Processes.system(), taking);
        var application = new SqlServerApplication(
                SqlServerAddress.parse(connection.address()).shown(),
                source,
                Settings.of(connection),
                connection.secret(Settings.S3_KEY),
                outside);
        open.add(application);
        return application;
    }

    Session session() {
        return Session.open(server, "test", soon());
    }

    Deadline soon() {
        return Deadline.after(time, Duration.ofSeconds(30));
    }

    CopiedFolder copy(Runnable between) {
        return new CopiedFolder(folder.resolve("copy-" + copies++), between);
    }

    CopiedFolder copy() {
        return copy(() -> {});
    }

    ApplicationRun back(Application application, String run, CopiedFolder sink) {
        return ConsistentBackup.of(time, OperationLog.silent()).run(application, run, sink);
    }

    static Map<String, String> evidence(ApplicationRun run) {
        Map<String, String> all = new HashMap<>(run.discovery().facts());
        all.putAll(run.consistency().evidence());
        return all;
    }

    /** Restores on the sandbox what a copy holds. */
    Recovered recover(CopiedFolder copy, Map<String, String> evidence) {
        var recovery = new SqlServerRecovery(new Outside(time, Processes.system()), address -> sandbox);
        return recovery.start(new RestoredFiles(copy.at(Path.of("/")), evidence, folder.resolve("scratch")), soon());
    }

    void writes(String database, int number) {
        for (int i = 0; i < number; i++) {
            if (!server.write(database)) {
                throw new IllegalStateException("a write waits");
            }
        }
    }

    @Override
    public void close() {
        open.forEach(Application::close);
        key.close();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure) throws IOException {
                    Files.delete(each);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
