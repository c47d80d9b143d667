package org.medbackup.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.apps.ConsistentBackup;
import org.medbackup.apps.FreezeGuard;
import org.medbackup.apps.FreezeWitness;
import org.medbackup.apps.GroupBackup;
import org.medbackup.apps.GroupRun;
import org.medbackup.apps.Hook;
import org.medbackup.apps.HookedApplication;
import org.medbackup.apps.Hooks;
import org.medbackup.apps.Rehearsal;
import org.medbackup.apps.Repetition;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.app.Application;
import org.medbackup.engine.AssembledBackup;
import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.Repository;
import org.medbackup.service.config.ApplicationEntry;
import org.medbackup.service.config.GroupEntry;
import org.medbackup.service.config.HookEntry;

/** Takes applications through a consistent backup into a repository, alone or several together. */
final class ApplicationBackups {

    /** Evidence of a restore point: which run of its group made it. */
    static final String GROUP_RUN = "group.run";

    /** Evidence of a restore point: all members of its group, with commas. */
    static final String GROUP_MEMBERS = "group.members";

    /** Under this name an application's evidence tells what its start had to write. */
    private static final String DIRTY_BUFFERS = "dirty_buffers";

    private final Settings settings;
    private final Applications applications;
    private final FreezeProtection protection;
    private final AnomalyWatch anomalies;

    ApplicationBackups(
            Settings settings, Applications applications, FreezeProtection protection, AnomalyWatch anomalies) {
        this.anomalies = anomalies;
        this.settings = settings;
        this.applications = applications;
        this.protection = protection;
    }

    /** Into what a backup goes. */
    record Into(Repository repository, UnaryOperator<BackupRequest> more) {

        AssembledBackup assemble(String source, OperationLog log) {
            return repository.assemble(more.apply(BackupRequest.of(source, List.of())), log);
        }
    }

    /** An application that is open for a backup. */
    private final class Opened implements AutoCloseable {

        private final @Nullable ApplicationEntry entry;
        private final Applications.Reached reached;
        private final Hooks hooks;
        private final Application application;

        Opened(String name, String run) {
            entry = settings.configuration().applications().get(name);
            hooks = hooks(entry);
            reached = applications.reach(name);
            application = HookedApplication.of(reached.application(), hooks, run, settings.processes());
        }

        FreezeWitness guard(FreezeProtection.Watch watch) {
            var guard =
                    new FreezeGuard(settings.time(), protection.journal(), watch, reached.connection(), hooks.thaw());
            return new UnhinderedFreeze(settings.governor(), guard);
        }

        ConsistentBackup configured(ConsistentBackup backup) {
            if (entry == null) {
                return backup;
            }
            ConsistentBackup limited =
                    backup.with(backup.budgets().withFrozen(entry.frozen()).withAdded(entry.added()));
            return entry.allowCrashConsistent() ? limited.allowingCrashConsistent() : limited;
        }

        @Override
        public void close() {
            reached.close();
        }
    }

    /** Backs up one application, and once more where the first attempt is lost to a change of roles. */
    ApplicationBackup one(Into into, String name, OperationLog log) {
        return Repetition.of(settings.time(), log).run(attempt -> one(into, name, attempt, log));
    }

    /** A session of the first attempt may still live on the server, and holds what bears its name. */
    private static String run(int attempt, OperationLog log) {
        return attempt == 1 ? log.operation() : log.operation() + "-" + attempt;
    }

    private ApplicationBackup one(Into into, String name, int attempt, OperationLog log) {
        String run = run(attempt, log);
        try (var opened = new Opened(name, run);
                FreezeProtection.Watch watch = protection.watch();
                AssembledBackup assembled = into.assemble(opened.application.address(), log)) {
            ConsistentBackup backup =
                    opened.configured(ConsistentBackup.of(settings.time(), log).with(opened.guard(watch)));
            ApplicationBackup done =
                    commit(backup.run(opened.application, run, assembled), attempt, assembled, Map.of());
            anomalies.judged(into.repository(), done.backup(), opened.application.address(), log);
            return done;
        }
    }

    /** What a backup of one application would do. */
    Rehearsal rehearse(String name, OperationLog log) {
        try (var opened = new Opened(name, log.operation())) {
            return opened.configured(ConsistentBackup.of(settings.time(), log)).rehearse(opened.application);
        }
    }

    /**
     * Backs up the members of a group, all once more where the first attempt is lost to a change of roles.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#APPLICATION_NOT_CONFIGURED}
     */
    GroupedBackup group(Into into, String name, OperationLog log) {
        GroupEntry group = settings.configuration().groups().get(name);
        if (group == null) {
            throw ErrorCode.APPLICATION_NOT_CONFIGURED.because(
                    settings.configuration().groups().size() + " groups are configured");
        }
        return Repetition.of(settings.time(), log).run(attempt -> group(into, group, attempt, log));
    }

    private GroupedBackup group(Into into, GroupEntry group, int attempt, OperationLog log) {
        String run = run(attempt, log);
        var opened = new LinkedHashMap<String, Opened>();
        var assembled = new LinkedHashMap<String, AssembledBackup>();
        try (var open = new ClosedTogether();
                FreezeProtection.Watch watch = protection.watch()) {
            for (String member : group.members()) {
                Opened each = open.add(new Opened(member, run));
                opened.put(member, each);
                assembled.put(member, open.add(into.assemble(each.application.address(), log)));
            }
            GroupRun done = new GroupBackup(how(group, opened, log)).run(run, members(opened, assembled, watch));
            Map<String, ApplicationBackup> committed = commit(group, done, run, attempt, assembled);
            committed.forEach((name, each) -> {
                String source =
                        Objects.requireNonNull(opened.get(name)).application.address();
                anomalies.judged(into.repository(), each.backup(), source, log);
            });
            return new GroupedBackup(group.name(), committed, done.skew());
        }
    }

    private ConsistentBackup how(GroupEntry group, Map<String, Opened> opened, OperationLog log) {
        ConsistentBackup backup = ConsistentBackup.of(settings.time(), log);
        backup = backup.with(backup.budgets().withFrozen(group.deadline()));
        boolean allowed =
                opened.values().stream().allMatch(each -> each.entry != null && each.entry.allowCrashConsistent());
        return allowed ? backup.allowingCrashConsistent() : backup;
    }

    private static List<GroupBackup.Member> members(
            Map<String, Opened> opened, Map<String, AssembledBackup> assembled, FreezeProtection.Watch watch) {
        var members = new ArrayList<GroupBackup.Member>();
        opened.forEach((name, each) -> {
            AssembledBackup sink = Objects.requireNonNull(assembled.get(name));
            Duration held = HeldTime.expected(sink.before(), each.entry);
            members.add(new GroupBackup.Member(name, each.application, sink, each.guard(watch), held));
        });
        return members;
    }

    /** Each restore point says of which group it is, so that whoever restores sees whether the others are there. */
    private static Map<String, ApplicationBackup> commit(
            GroupEntry group, GroupRun done, String run, int attempt, Map<String, AssembledBackup> assembled) {
        var more = Map.of(
                "group.name",
                group.name(),
                GROUP_RUN,
                run,
                GROUP_MEMBERS,
                String.join(",", group.members()),
                "group.skew_seconds",
                Double.toString(done.skew().toMillis() / 1000.0));
        var committed = new LinkedHashMap<String, ApplicationBackup>();
        done.members().forEach((name, each) -> {
            try {
                committed.put(name, commit(each, attempt, Objects.requireNonNull(assembled.get(name)), more));
            } catch (BackupException failed) {
                throw failed.with("member", name);
            }
        });
        return committed;
    }

    private static ApplicationBackup commit(
            ApplicationRun run, int attempts, AssembledBackup assembled, Map<String, String> more) {
        var evidence = new TreeMap<String, String>(run.discovery().facts());
        evidence.putAll(run.consistency().evidence());
        evidence.putAll(more);
        evidence.put("application.version", run.discovery().version());
        evidence.put("application.identity", run.discovery().identity());
        evidence.put("application.position", run.consistency().position());
        ErrorCode lowered = run.lowered();
        if (lowered == null) {
            evidence.put(HeldTime.EVIDENCE, HeldTime.shown(HeldTime.measured(run)));
        } else {
            evidence.put("application.lowered", lowered.name());
        }
        BackupResult result = assembled.commit(run.consistency().level(), evidence);
        String dirty = run.consistency().evidence().get(DIRTY_BUFFERS);
        return new ApplicationBackup(
                result,
                run.consistency().level(),
                run.consistency().position(),
                run.frozen(),
                run.added(),
                dirty == null ? null : Long.valueOf(dirty),
                attempts,
                lowered);
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
}
