package org.medbackup.service;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.LogArchive;
import org.medbackup.core.spi.app.LogReplay;
import org.medbackup.core.spi.app.RecoveryTarget;
import org.medbackup.engine.Repository;
import org.medbackup.engine.Snapshot;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.config.Configuration;

/**
 * The operations on applications. Each begins and ends in the audit trail. Safe for use by several threads.
 *
 * <p>Every method fails with {@link org.medbackup.core.error.BackupException}; what was committed before is unharmed.
 */
public final class ApplicationOperations {

    private final Operations operations;
    private final Repositories repositories;
    private final Applications applications;
    private final ApplicationBackups backups;
    private final Configuration configuration;
    private final LogOperations logs;
    private final Completion completed;

    ApplicationOperations(
            Operations operations,
            Repositories repositories,
            Applications applications,
            ApplicationBackups backups,
            Configuration configuration,
            LogOperations logs,
            Completion completed) {
        this.operations = operations;
        this.repositories = repositories;
        this.applications = applications;
        this.backups = backups;
        this.configuration = configuration;
        this.logs = logs;
        this.completed = completed;
    }

    /**
     * An application of the configuration.
     *
     * @param name in the configuration
     * @param kind such as {@code postgresql}
     * @param address without an account
     * @param groups that it belongs to
     */
    public record Listed(String name, String kind, String address, List<String> groups) {

        public Listed {
            groups = List.copyOf(groups);
        }
    }

    /** The applications of the configuration, by name. */
    public List<Listed> list() {
        return operations.run(
                "app-list",
                Facts.NONE,
                log -> ApplicationList.of(configuration),
                found -> Ending.success(Facts.of("count", found.size())));
    }

    /**
     * Whether an application can be backed up consistently.
     *
     * @param address an address, or a name of the configuration
     */
    public ApplicationCheck check(String address) {
        return operations.run(
                "app-check",
                Facts.NONE,
                log -> applications.check(address),
                check -> check.isReady()
                        ? Ending.success(Facts.of("application", check.address()))
                        : new Ending(
                                Outcome.FINDING,
                                ErrorCode.APPLICATION_NOT_READY,
                                Facts.of("application", check.address())));
    }

    /**
     * What a backup of an application would do: its phases, how long each may take, whether it is ready. Nothing is changed.
     *
     * @param address an address, or a name of the configuration
     */
    public ApplicationRehearsal rehearse(String address) {
        return operations.run(
                "app-rehearse",
                Facts.NONE,
                log -> ApplicationRehearsal.of(backups.rehearse(address, log)),
                found -> found.isReady()
                        ? Ending.success(Facts.NONE)
                        : new Ending(Outcome.FINDING, ErrorCode.APPLICATION_NOT_READY, Facts.NONE));
    }

    private ApplicationBackups.Into into(Repository repository, RepositoryAccess access) {
        return new ApplicationBackups.Into(repository, request -> completed.of(request, access, repository));
    }

    /** Backs up an application in a consistent state. */
    public ApplicationBackup backup(RepositoryAccess access, String address) {
        return repositories.on(
                access,
                "app-backup",
                Facts.NONE,
                (repository, log) -> backups.one(into(repository, access), address, log),
                ApplicationOperations::ending);
    }

    private static Ending ending(ApplicationBackup done) {
        Ending ending = Endings.of(done.backup());
        Facts facts = ending.facts()
                .and("consistency", done.consistency())
                .and("position", done.position())
                .and("state", done.state())
                .and("frozenSeconds", done.frozen().toMillis() / 1000.0)
                .and("addedSeconds", done.added().toMillis() / 1000.0);
        Long dirty = done.dirtyBuffers();
        return new Ending(ending.outcome(), ending.code(), dirty == null ? facts : facts.and("dirtyBuffers", dirty));
    }

    /**
     * Backs up the applications of a group at one point: all are prepared, frozen in the order of the group, marked within
     * one window, thawed and then copied. Where one fails, none gets a restore point; only where a commit itself fails those
     * before it stay, each saying of which group it is.
     *
     * @param group its name in the configuration
     */
    public GroupedBackup backupGroup(RepositoryAccess access, String group) {
        return repositories.on(
                access,
                "app-backup-group",
                Facts.NONE,
                (repository, log) -> backups.group(into(repository, access), group, log),
                done -> {
                    Ending worst = done.members().values().stream()
                            .map(ApplicationOperations::ending)
                            .filter(ending -> ending.code() != null)
                            .findFirst()
                            .orElseGet(() -> Ending.success(Facts.NONE));
                    return new Ending(
                            worst.outcome(),
                            worst.code(),
                            Facts.of("members", done.members().size())
                                    .and("state", done.state())
                                    .and("skewSeconds", done.skew().toMillis() / 1000.0));
                });
    }

    private Applications.Chosen chosen(Repository repository, String address, RecoveryOrder order, OperationLog log) {
        String source = applications.source(address);
        if (order.until() instanceof RecoveryTarget.BackupEnd
                && order.timeline().isEmpty()) {
            String wanted = order.snapshot().orElse("latest@" + source);
            return new Applications.Chosen(repository.find(wanted, log), null);
        }
        List<Snapshot> backups = order.snapshot().isPresent()
                ? List.of(repository.find(order.snapshot().orElseThrow(), log))
                : repository.snapshots(log);
        LogArchive archive = logs.archive(repository, source, log);
        LogReplay replay = applications.planned(
                address,
                application -> application.plan(
                        LogOperations.bases(backups, source), archive.entries(), order.until(), order.timeline()));
        return new Applications.Chosen(
                repository.find(replay.base(), log), new ApplicationRecovery.Log(archive, replay));
    }

    /** Restores an application, brings it up beside the real one, checks it and stops it again. */
    public ApplicationRestore restore(RepositoryAccess access, String address, Optional<String> snapshot, Path target) {
        return restore(access, address, snapshot, target, running -> {});
    }

    /**
     * As {@link #restore(RepositoryAccess, String, Optional, Path)}, with a visit while it runs.
     *
     * @param visit gets the address at which the restored application answers
     */
    public ApplicationRestore restore(
            RepositoryAccess access, String address, Optional<String> snapshot, Path target, Consumer<String> visit) {
        var order = new RecoveryOrder(snapshot, target, new RecoveryTarget.BackupEnd(), "", Map.of());
        return restore(access, address, order, visit);
    }

    /**
     * Restores an application and recovers it to a point of its log: from the newest backup that ended before the point, on
     * the line of history that leads there. What is missing in the log is named before any file is written.
     *
     * @param visit gets the address at which the restored application answers
     * @throws org.medbackup.core.error.DamageException with {@link ErrorCode#LOG_INCOMPLETE} or {@link
     *     ErrorCode#RECOVERY_TARGET_UNREACHABLE}; nothing was written then, unless the application's own recovery ended
     *     before the point
     */
    public ApplicationRestore restore(
            RepositoryAccess access, String address, RecoveryOrder order, Consumer<String> visit) {
        return repositories.on(
                access,
                "app-restore",
                Facts.NONE.andVeiled("target", order.target()),
                (repository, log) -> {
                    Applications.Chosen chosen = chosen(repository, address, order, log);
                    repositories.admitSource("app-restore", chosen.snapshot().source(), log);
                    log.phase("chosen", Outcome.SUCCESS, java.time.Duration.ZERO, Endings.chosen(chosen.snapshot()));
                    return applications.restore(
                            repository, address, chosen, order, running -> visit.accept(running.address()), log);
                },
                done -> {
                    Facts facts = Facts.of("files", done.restore().files())
                            .and("position", done.reached().position())
                            .and("recoverySeconds", done.recovery().toMillis() / 1000.0);
                    return done.isRight()
                            ? Ending.success(facts)
                            : new Ending(Outcome.FINDING, ErrorCode.RESTORED_APPLICATION_INVALID, facts);
                });
    }
}
