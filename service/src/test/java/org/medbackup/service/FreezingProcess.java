package org.medbackup.service;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.medbackup.apps.ConsistentBackup;
import org.medbackup.apps.FreezeGuard;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.testkit.FreezableProvider;
import org.medbackup.testkit.HandedOver;

/** A process that backs an application up with its watchdog and its journal, and says how that ended. */
final class FreezingProcess {

    private FreezingProcess() {}

    /** Backs up: state folder, address, how long a mark takes in milliseconds. Waits for a word before. */
    public static void main(String[] arguments) throws IOException {
        var settings = Settings.of(Path.of(arguments[0]), new Actor("test", "localhost", null, null));
        var state = new StateFolder(settings.state(), settings.entropy());
        var protection = new FreezeProtection(settings, state.folder(), state.hostKey());
        Connection connection = Connection.to(URI.create(arguments[1]))
                .with("markMillis", arguments[2])
                .with("trusting", "true");
        try (Application application = new FreezableProvider().open(connection, ApplicationProvider.Outside.system());
                FreezeProtection.Watch watch = protection.watch()) {
            System.out.println("watchdog " + watch.link().pid());
            System.out.flush();
            System.in.read();
            var guard = new FreezeGuard(TimeSource.system(), protection.journal(), watch, connection, null);
            ConsistentBackup.of(TimeSource.system(), OperationLog.silent())
                    .with(guard)
                    .run(application, "run", new HandedOver());
            System.out.println("succeeded");
        } catch (BackupException failed) {
            System.out.println("failed " + failed.code());
        }
    }
}
