package org.medbackup.service;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationLog;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.LogReplay;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RestoreResult;
import org.medbackup.engine.Snapshot;
import org.medbackup.linux.snapshot.LinuxSnapshots;
import org.medbackup.service.config.ApplicationEntry;

/** Brings applications and the engine together. */
final class Applications {

    private static final Duration DISCOVERY = Duration.ofSeconds(10);
    private static final Duration RECOVERY = Duration.ofHours(4);

    private static final Duration CHECKS = Duration.ofHours(2);

    private final Settings settings;

    Applications(Settings settings) {
        this.settings = settings;
    }

    private ApplicationProvider.Outside outside() {
        var snapshots = LinuxSnapshots.of(settings.processes(), settings.state().resolve("snapshots"));
        return new ApplicationProvider.Outside(settings.time(), settings.processes(), snapshots);
    }

    /** A name of the configuration, or an address. */
    private Connection connection(String application) {
        return connection(application, entry -> entry.connection(settings.environment()));
    }

    /** The same, for a restore: nothing has to run there, and so no secret to be at hand. */
    private Connection asFarAsKnown(String application) {
        return connection(application, entry -> entry.connectionAsFarAsKnown(settings.environment()));
    }

    private Connection connection(String application, Function<ApplicationEntry, Connection> of) {
        if (application.contains("://")) {
            return Connection.to(uri(application));
        }
        ApplicationEntry entry = settings.configuration().applications().get(application);
        if (entry == null) {
            throw application.matches("[A-Za-z][A-Za-z0-9_-]*")
                    ? ErrorCode.APPLICATION_NOT_CONFIGURED.because(
                            settings.configuration().applications().size() + " applications are configured")
                    : ErrorCode.APPLICATION_URL_MALFORMED.because("it has no kind before ://");
        }
        return of.apply(entry);
    }

    private static URI uri(String address) {
        try {
            return new URI(address);
        } catch (URISyntaxException malformed) {
            // The exception quotes the address, which may hold a password.
            throw ErrorCode.APPLICATION_URL_MALFORMED.because("it is no URI: " + malformed.getReason());
        }
    }

    private static ApplicationProvider provider(Connection connection) {
        return provider(connection.address().getScheme());
    }

    /** The adapter of a kind. */
    static ApplicationProvider provider(String kind) {
        for (ApplicationProvider provider : ServiceLoader.load(ApplicationProvider.class)) {
            if (provider.kinds().contains(kind)) {
                return provider;
            }
        }
        throw ErrorCode.APPLICATION_KIND_UNKNOWN.because("no adapter serves " + kind + "://");
    }

    /** An open application, and how it is reached; closed together, with the secrets. */
    record Reached(Connection connection, Application application) implements AutoCloseable {

        @Override
        public void close() {
            try {
                application.close();
            } finally {
                connection.secrets().values().forEach(Secret::close);
            }
        }
    }

    /** Opens an application of the configuration or at an address. */
    Reached reach(String name) {
        return reach(connection(name));
    }

    private Reached reach(Connection connection) {
        try {
            return new Reached(connection, provider(connection).open(connection, outside()));
        } catch (RuntimeException failed) {
            connection.secrets().values().forEach(Secret::close);
            throw failed;
        }
    }

    private <T> T opened(String name, Function<Application, T> work) {
        try (Reached reached = reach(name)) {
            return work.apply(reached.application());
        }
    }

    /**
     * Works with an application's log.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#APPLICATION_KIND_UNKNOWN} where applications of
     *     its kind have none
     */
    <T> T withLog(String name, Function<ApplicationLog, T> work) {
        return withLog(connection(name), work);
    }

    /** The same, to plan what is replayed. */
    LogReplay planned(String name, Function<ApplicationLog, LogReplay> work) {
        return withLog(asFarAsKnown(name), work);
    }

    private <T> T withLog(Connection connection, Function<ApplicationLog, T> work) {
        try (ApplicationLog log = provider(connection).log(connection, outside())) {
            if (log == null) {
                throw ErrorCode.APPLICATION_KIND_UNKNOWN.because(
                        connection.address().getScheme() + " has no log that can be archived");
            }
            return work.apply(log);
        } finally {
            connection.secrets().values().forEach(Secret::close);
        }
    }

    /** The address without secrets, by which the restore points of the application are found. */
    String source(String address) {
        try (Reached reached = reach(asFarAsKnown(address))) {
            return reached.application().address();
        }
    }

    ApplicationCheck check(String address) {
        return opened(address, application -> {
            var found = application.discover(Deadline.after(settings.time(), DISCOVERY));
            var checks = application.check(Deadline.after(settings.time(), DISCOVERY));
            return new ApplicationCheck(application.address(), found, checks);
        });
    }

    /** What somebody does with a restored application while it runs. */
    interface Visit {

        void running(Recovered application);
    }

    /**
     * What is brought up again.
     *
     * @param snapshot the backup
     * @param log what is replayed that the backup does not hold, or null
     */
    record Chosen(Snapshot snapshot, ApplicationRecovery.@Nullable Log log) {}

    ApplicationRestore restore(
            Repository repository, String address, Chosen chosen, RecoveryOrder order, Visit visit, OperationLog log) {
        ApplicationProvider provider = providerOf(address);
        Snapshot snapshot = chosen.snapshot();
        Path target = order.target();
        makePassable(target);
        RestoreResult restore = new MovedFolders(order.moved()).restore(repository, snapshot, target, log);
        if (restore.damaged()) {
            throw ErrorCode.RESTORED_CONTENT_WRONG.because("some of its files are damaged in the repository");
        }
        Path scratch = scratch();
        try {
            long started = settings.time().nanos();
            var files = new RestoredFiles(
                    target.toAbsolutePath(), snapshot.evidence(), scratch, order.until(), chosen.log(), order.moved());
            try (Recovered running =
                    provider.recovery(outside()).start(files, Deadline.after(settings.time(), RECOVERY))) {
                Duration recovery = settings.time().since(started);
                visit.running(running);
                var checks = running.verify(Deadline.after(settings.time(), CHECKS));
                return new ApplicationRestore(restore, target, running.reached(), recovery, checks);
            }
        } finally {
            remove(scratch);
        }
    }

    private ApplicationProvider providerOf(String address) {
        Connection connection = asFarAsKnown(address);
        connection.secrets().values().forEach(Secret::close);
        return provider(connection);
    }

    /** A new target that the application's own account can pass through; what lies in it keeps its permissions. */
    static void makePassable(Path target) {
        try {
            if (!Files.exists(target)) {
                Files.createDirectories(target);
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx--x--x"));
            }
        } catch (IOException impossible) {
            throw ErrorCode.TARGET_UNUSABLE
                    .because("it is no folder and cannot be made one", impossible)
                    .with("target", target);
        }
    }

    private static Path scratch() {
        try {
            return Files.createTempDirectory("medbackup-recovery-");
        } catch (IOException impossible) {
            throw ErrorCode.STATE_UNUSABLE.because("no scratch folder can be made", impossible);
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException left) {
            throw ErrorCode.STATE_UNUSABLE.because("a scratch folder cannot be removed", left);
        }
    }
}
