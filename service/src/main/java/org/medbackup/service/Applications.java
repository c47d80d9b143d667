package org.medbackup.service;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.apps.ConsistentBackup;
import org.medbackup.apps.FreezeGuard;
import org.medbackup.apps.Hook;
import org.medbackup.apps.HookedApplication;
import org.medbackup.apps.Hooks;
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
import org.medbackup.engine.AssembledBackup;
import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RestoreResult;
import org.medbackup.engine.Snapshot;
import org.medbackup.linux.snapshot.LinuxSnapshots;
import org.medbackup.service.config.ApplicationEntry;
import org.medbackup.service.config.HookEntry;

/** Brings applications and the engine together. */
final class Applications {

    private static final Duration DISCOVERY = Duration.ofSeconds(10);
    private static final Duration RECOVERY = Duration.ofHours(4);
    private static final Duration CHECKS = Duration.ofHours(2);

    private final Settings settings;

    private final FreezeProtection protection;

    Applications(Settings settings, FreezeProtection protection) {
        this.settings = settings;
        this.protection = protection;
    }

    private ApplicationProvider.Outside outside() {
        var snapshots = LinuxSnapshots.of(settings.processes(), settings.state().resolve("snapshots"));
        return new ApplicationProvider.Outside(settings.time(), settings.processes(), snapshots);
    }

    /** A name of the configuration, or an address. */
    private Connection connection(String application) {
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
        var secrets = new TreeMap<String, Secret>();
        entry.secrets().forEach((name, reference) -> secrets.put(name, reference.secret(settings.environment())));
        return new Connection(entry.url(), entry.options(), secrets);
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
        for (ApplicationProvider provider : ServiceLoader.load(ApplicationProvider.class)) {
            if (provider.kinds().contains(connection.address().getScheme())) {
                return provider;
            }
        }
        throw ErrorCode.APPLICATION_KIND_UNKNOWN.because(
                "no adapter serves " + connection.address().getScheme() + "://");
    }

    private <T> T opened(String name, Function<Application, T> work) {
        Connection connection = connection(name);
        try (Application application = provider(connection).open(connection, outside())) {
            return work.apply(application);
        } finally {
            connection.secrets().values().forEach(Secret::close);
        }
    }

    /**
     * Works with an application's log.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#APPLICATION_KIND_UNKNOWN} where applications of
     *     its kind have none
     */
    <T> T withLog(String name, Function<ApplicationLog, T> work) {
        Connection connection = connection(name);
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
        return opened(address, Application::address);
    }

    ApplicationCheck check(String address) {
        return opened(address, application -> {
            var found = application.discover(Deadline.after(settings.time(), DISCOVERY));
            var checks = application.check(Deadline.after(settings.time(), DISCOVERY));
            return new ApplicationCheck(application.address(), found, checks);
        });
    }

    ApplicationBackup backup(
            Repository repository, String name, Function<BackupRequest, BackupRequest> more, OperationLog log) {
        Connection connection = connection(name);
        ApplicationEntry entry = settings.configuration().applications().get(name);
        Hooks hooks = hooks(entry);
        try (Application plain = provider(connection).open(connection, outside());
                FreezeProtection.Watch watch = protection.watch()) {
            Application application = HookedApplication.of(plain, hooks, log.operation(), settings.processes());
            BackupRequest request = more.apply(BackupRequest.of(application.address(), List.of()));
            var guard = new FreezeGuard(settings.time(), protection.journal(), watch, connection, hooks.thaw());
            ConsistentBackup backup =
                    configured(ConsistentBackup.of(settings.time(), log).with(guard), entry);
            try (AssembledBackup assembled = repository.assemble(request, log)) {
                return commit(backup.run(application, log.operation(), assembled), assembled);
            }
        } finally {
            connection.secrets().values().forEach(Secret::close);
        }
    }

    private static ConsistentBackup configured(ConsistentBackup backup, @Nullable ApplicationEntry entry) {
        if (entry == null) {
            return backup;
        }
        ConsistentBackup limited =
                backup.with(backup.budgets().withFrozen(entry.frozen()).withAdded(entry.added()));
        return entry.allowCrashConsistent() ? limited.allowingCrashConsistent() : limited;
    }

    private static Hooks hooks(@Nullable ApplicationEntry entry) {
        return entry == null
                ? Hooks.thawing(null)
                : new Hooks(hook(entry, "pre"), hook(entry, "freeze"), hook(entry, "thaw"), hook(entry, "post"));
    }

    private static @Nullable Hook hook(ApplicationEntry entry, String phase) {
        HookEntry hook = entry.hooks().get(phase);
        return hook == null
                ? null
                : new Hook(
                        hook.command(),
                        hook.timeout(),
                        hook.success(),
                        hook.sha256().isEmpty() ? null : hook.sha256());
    }

    private static ApplicationBackup commit(ApplicationRun run, AssembledBackup assembled) {
        var evidence = new TreeMap<String, String>(run.discovery().facts());
        evidence.putAll(run.consistency().evidence());
        evidence.put("application.version", run.discovery().version());
        evidence.put("application.identity", run.discovery().identity());
        evidence.put("application.position", run.consistency().position());
        ErrorCode lowered = run.lowered();
        if (lowered != null) {
            evidence.put("application.lowered", lowered.name());
        }
        BackupResult result = assembled.commit(run.consistency().level(), evidence);
        return new ApplicationBackup(
                result, run.consistency().level(), run.consistency().position(), run.frozen(), run.added(), lowered);
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
        ApplicationProvider provider = provider(connection(address));
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
