package org.medbackup.service;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import org.medbackup.apps.ConsistentBackup;
import org.medbackup.apps.FreezeGuard;
import org.medbackup.apps.WatchdogLink.Times;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;
import org.medbackup.testkit.HandedOver;

/** A process that backs an application up with its watchdog and its journal, and says how that ended. */
final class FreezingProcess {

    private FreezingProcess() {}

    /**
     * Backs up: state folder, address, how long a mark takes in milliseconds, and after how many of them without renewal the
     * watchdog thaws. Waits for a word before.
     */
    public static void main(String[] arguments) throws IOException {
        var settings = Settings.of(Path.of(arguments[0]), new Actor("test", "localhost", null, null));
        var state = new StateFolder(settings.state(), settings.entropy());
        var protection = new FreezeProtection(settings, state.folder(), state.hostKey());
        URI address = URI.create(arguments[1]);
        Connection plain = Connection.to(address);
        Connection connection = address.getScheme().equals("mariadb")
                ? plain.with("mode", "stage")
                : plain.with("markMillis", arguments[2]).with("trusting", "true");
        var snapshots = new SlowSnapshots(Duration.ofMillis(Long.parseLong(arguments[2])));
        Times usual = Times.defaults();
        var times = new Times(
                Duration.ofMillis(Long.parseLong(arguments[3])), usual.renewal(), usual.start(), usual.answer());
        var thawedBy = new AtomicReference<>("");
        OperationLog log = OperationLog.open(
                TimeSource.system(),
                settings.entropy(),
                event -> {
                    if (event instanceof BackupEvent.Found found) {
                        thawedBy.set(" by " + found.facts().open().get("thawedBy"));
                    }
                },
                "test",
                settings.actor(),
                Facts.NONE);
        try (Application application = open(connection, snapshots);
                FreezeProtection.Watch watch = protection.watch(times)) {
            say("watchdog " + watch.link().pid());
            System.in.read();
            var guard = new FreezeGuard(TimeSource.system(), protection.journal(), watch, connection, null);
            ConsistentBackup.of(TimeSource.system(), log).with(guard).run(application, "run", new HandedOver());
            say("succeeded");
        } catch (BackupException failed) {
            say("failed " + failed.code() + thawedBy.get());
        }
    }

    private static Application open(Connection connection, FileSystemSnapshots snapshots) {
        var outside = new Outside(TimeSource.system(), Processes.system(), snapshots);
        for (ApplicationProvider provider : ServiceLoader.load(ApplicationProvider.class)) {
            if (provider.kinds().contains(connection.address().getScheme())) {
                return provider.open(connection, outside);
            }
        }
        throw ErrorCode.APPLICATION_KIND_UNKNOWN.because("no adapter serves it");
    }

    private static void say(String word) {
        System.out.println(word);
        System.out.flush();
    }

    /** Says that it is about to take a snapshot, takes its time, and has taken none. */
    private record SlowSnapshots(Duration time) implements FileSystemSnapshots {

        @Override
        public Ability probe(List<Path> folders) {
            return new Ability("slow", true, "");
        }

        @Override
        public Taken take(List<Path> folders, String run, Deadline deadline) {
            say("frozen");
            TimeSource.system().sleep(time);
            return new Taken() {
                @Override
                public String kind() {
                    return "slow";
                }

                @Override
                public Path at(Path original) {
                    return original;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public int removeLeftovers(List<Path> folders, String run, Deadline deadline) {
            return 0;
        }
    }
}
