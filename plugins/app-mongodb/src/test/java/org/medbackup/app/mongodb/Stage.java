package org.medbackup.app.mongodb;

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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bson.BsonTimestamp;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.mongodb.fake.Bank;
import org.medbackup.app.mongodb.fake.FakeMember;
import org.medbackup.app.mongodb.fake.FakeRouter;
import org.medbackup.app.mongodb.fake.Rule;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.apps.ConsistentBackup;
import org.medbackup.core.Deadline;
import org.medbackup.core.Secret;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;
import org.medbackup.testkit.CopiedFolder;
import org.medbackup.testkit.FolderSnapshots;
import org.medbackup.testkit.MortalProcess;
import org.medbackup.testkit.SteppedTime;

/** A clock, servers that are fakes, and applications on them. Closing ends all of it. */
final class Stage implements AutoCloseable {

    final SteppedTime time = new SteppedTime();
    final Path folder;
    final Set<Rule> off;
    private final List<AutoCloseable> open = new ArrayList<>();
    private @Nullable FileSystemSnapshots snapshots;

    Stage(Set<Rule> off) {
        this.off = off;
        try {
            folder = Files.createTempDirectory("medbackup-mongodb");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Stage() {
        this(Set.of());
    }

    FakeMember member(String set) {
        var member = new FakeMember(time, folder.resolve("data-" + open.size()), set, off);
        open.add(member);
        return member;
    }

    FakeMember alone() {
        return member("");
    }

    FakeRouter router(String... shards) {
        var router = new FakeRouter(List.of(shards), off);
        open.add(router);
        return router;
    }

    FolderSnapshots snapshots(boolean atomic, Runnable between) {
        var made = new FolderSnapshots(folder.resolve("snapshots"), atomic, between);
        snapshots = made;
        return made;
    }

    Outside outside() {
        FileSystemSnapshots given = snapshots;
        return new Outside(time, Processes.system(), given == null ? FileSystemSnapshots.none() : given);
    }

    /** An instance in a process of its own, which may die in the middle of a snapshot too. */
    Application application(MortalProcess process, FakeMember member, Map<String, String> handle, String... options) {
        var own = new FolderSnapshots(folder.resolve("snapshots-" + open.size()), false, process::work);
        return application(member.through(process), new Outside(time, Processes.system(), own), handle, options);
    }

    /** Options as pairs of name and value. */
    Application application(String place, String... options) {
        return application(place, outside(), Map.of(), options);
    }

    private Application application(String place, Outside outside, Map<String, String> handle, String... options) {
        var all = new TreeMap<String, String>();
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        var connection = new Connection(URI.create("mongodb://" + place + "/"), all, Map.of());
        return kept(new MongoProvider().open(connection.with(handle), outside));
    }

    /** With a login. */
    Application loggedIn(FakeMember member, String password, String... options) {
        var all = new TreeMap<String, String>();
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        var address = URI.create("mongodb://" + FakeMember.USER + "@" + member.place() + "/?authSource=admin");
        Secret secret = Secret.ofText(password);
        open.add(secret);
        return kept(new MongoProvider()
                .open(new Connection(address, all, Map.of(Settings.PASSWORD, secret)), outside()));
    }

    private Application kept(Application application) {
        open.add(application);
        return application;
    }

    Server connect(FakeMember member) {
        var address = MongoAddress.parse(URI.create("mongodb://" + member.place()));
        Server server = new Connector(address, null).open("test", soon());
        open.add(server);
        return server;
    }

    Deadline soon() {
        return Deadline.after(time, Duration.ofSeconds(30));
    }

    Deadline within(Duration limit) {
        return Deadline.after(time, limit);
    }

    ConsistentBackup framework() {
        return ConsistentBackup.of(time, OperationLog.silent());
    }

    /** A whole backup through the framework. */
    ApplicationRun back(Application application, CopySink sink) {
        return framework().run(application, "run-7", sink);
    }

    CopiedFolder copy(Runnable between) {
        return new CopiedFolder(folder.resolve("copy"), between);
    }

    /** Until something was marked, as the framework does. */
    void untilMarked(Application application) {
        application.discover(soon());
        application.prepare("run-7", soon());
        if (application.freezes()) {
            application.freeze(soon());
        }
        application.mark(soon());
        if (application.freezes()) {
            application.thaw(soon());
        }
    }

    static Bank.Recovered recovered(CopiedFolder copy, FakeMember member) {
        return Bank.recover(copy.at(member.folder()));
    }

    static BsonTimestamp timestamp(String text) {
        String[] parts = text.split(":");
        return new BsonTimestamp(Integer.parseUnsignedInt(parts[0]), Integer.parseInt(parts[1]));
    }

    @Override
    public void close() {
        for (AutoCloseable each : open.reversed()) {
            try {
                each.close();
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        }
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
