package org.medbackup.app.oracle;

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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.oracle.fake.FakeDatabase;
import org.medbackup.app.oracle.fake.Home;
import org.medbackup.app.oracle.fake.Rule;
import org.medbackup.app.oracle.fake.SlowSnapshots;
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
import org.medbackup.core.spi.app.RecoveryTarget;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;
import org.medbackup.testkit.CopiedFolder;
import org.medbackup.testkit.FolderSnapshots;
import org.medbackup.testkit.MortalProcess;
import org.medbackup.testkit.SteppedTime;

/** A clock, a database that is a fake, its programs, and applications on it. Closing ends all of it. */
final class Stage implements AutoCloseable {

    static final String[] RMAN = {};
    static final String[] BACKUP_MODE = {Settings.MODE, "backup-mode"};
    static final String[] SNAPSHOT_TIME = {Settings.MODE, "snapshot-time"};

    final SteppedTime time = new SteppedTime();
    final Path folder;
    final FakeDatabase database;
    final Home home;
    private final List<Application> open = new ArrayList<>();
    private final Secret password = Secret.ofText("canary-pässword");
    private FileSystemSnapshots snapshots = FileSystemSnapshots.none();
    private final Processes processes;
    private int copies;

    /**
     * On a database that lacks some rules.
     *
     * @param direct whether its programs run without processes of their own, which costs a tenth
     */
    Stage(Set<Rule> off, boolean direct) {
        try {
            folder = Files.createTempDirectory("medbackup-oracle");
            for (String each : List.of("backups", "scratch", "others")) {
                Files.createDirectories(folder.resolve(each));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        database = new FakeDatabase(folder.resolve("oradata"), off, time, 2);
        home = new Home(folder.resolve("home"), database);
        processes = direct ? home.direct() : Processes.system();
    }

    Stage() {
        this(Set.of(), false);
    }

    Path backups() {
        return folder.resolve("backups");
    }

    FolderSnapshots snapshots(boolean atomic, Runnable between) {
        var made = SlowSnapshots.of(folder.resolve("snapshots"), atomic, between);
        snapshots = made;
        return made;
    }

    /** Snapshots during which applications write, and the database writes its files. */
    FolderSnapshots busySnapshots(boolean atomic) {
        return snapshots(atomic, this::work);
    }

    void work() {
        database.transfers(3);
        database.checkpoint();
        database.transfers(2);
    }

    Connection connection(String... options) {
        return connection(database.address(), options);
    }

    private Connection connection(String address, String... options) {
        var all = new TreeMap<String, String>();
        all.put(Settings.FOLDER, backups().toString());
        all.put(Settings.HOME, home.folder().toString());
        all.put(Settings.SANDBOX, home.folder().toString());
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        all.values().removeIf(String::isEmpty);
        return new Connection(URI.create(address), all, Map.of(Settings.PASSWORD, password));
    }

    Outside outside() {
        return new Outside(time, processes, snapshots);
    }

    Application application(String... options) {
        return kept(new OracleProvider().open(connection(options), outside()));
    }

    /** An instance in a process of its own, which may die in the middle of a snapshot too. */
    Application application(MortalProcess process, Map<String, String> handle, String... options) {
        var own = SlowSnapshots.of(folder.resolve("snapshots-" + copies++), false, process::work);
        Connection connection = connection(database.through(process), options).with(handle);
        return kept(new OracleProvider().open(connection, new Outside(time, processes, own)));
    }

    private Application kept(Application application) {
        open.add(application);
        return application;
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

    /** Brings up in the sandbox what a copy holds. */
    Recovered recover(CopiedFolder copy, Map<String, String> evidence) {
        return recover(copy, evidence, new RecoveryTarget.BackupEnd());
    }

    Recovered recover(CopiedFolder copy, Map<String, String> evidence, RecoveryTarget target) {
        return recoverAt(copy.at(Path.of("/")), evidence, target);
    }

    /** Brings up in the sandbox what was restored below a folder. */
    Recovered recoverAt(Path root, Map<String, String> evidence) {
        return recoverAt(root, evidence, new RecoveryTarget.BackupEnd());
    }

    private Recovered recoverAt(Path root, Map<String, String> evidence, RecoveryTarget target) {
        return new OracleProvider()
                .recovery(outside())
                .start(new RestoredFiles(root, evidence, folder.resolve("scratch"), target, null, Map.of()), soon());
    }

    List<String> left() {
        try (Stream<Path> files = Files.list(backups())) {
            return files.map(each -> each.getFileName().toString()).sorted().toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        open.forEach(Application::close);
        home.close();
        database.close();
        password.close();
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
