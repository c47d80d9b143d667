package org.medbackup.service;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.Snapshot;
import org.medbackup.resilience.Action;
import org.medbackup.resilience.Course;
import org.medbackup.resilience.Work;
import org.medbackup.service.config.JobEntry;

/** The stage of a job that stores: files, an application or a group, in the repository or where it spills to. */
final class BackupStage implements Work<StoredByJob> {

    private static final int MOST_UNKNOWN = 20;

    private final MedBackup product;
    private final JobEntry job;
    private final JobTargets targets;
    private final RunHold hold;
    private final CopyPlan copies;
    private final Set<String> ended = new HashSet<>();

    /** Backups of which nobody knows whether they have committed. */
    private final List<RunHold.Announced> unknown;

    private RunHold.@Nullable Announced current;
    private Instant begun = Instant.EPOCH;

    BackupStage(MedBackup product, JobEntry job, JobTargets targets, RunHold hold, CopyPlan copies) {
        this.product = product;
        this.job = job;
        this.targets = targets;
        this.hold = hold;
        this.copies = copies;
        this.unknown = new ArrayList<>(hold.earlier());
    }

    @Override
    public String stage() {
        return "backup";
    }

    @Override
    public String resource(Course course) {
        return target(course);
    }

    private String target(Course course) {
        return course.has(Action.SPILL) ? job.spill() : CopyLedger.REPOSITORY;
    }

    @Override
    public Set<Action> possible() {
        Set<Action> possible = EnumSet.of(Action.FREE_SPACE, Action.FREE_STATE);
        if (!job.spill().isEmpty()) {
            possible.add(Action.SPILL);
        }
        return possible;
    }

    @Override
    public void prepare(Action action) {
        if (action == Action.FREE_SPACE) {
            product.collect(
                    targets.access(CopyLedger.REPOSITORY),
                    CollectRequest.deletingOnly().knowingEnded(ended));
        }
    }

    @Override
    public StoredByJob attempt(Course course) {
        Optional<StoredByJob> committed = committed(course.has(Action.SPILL));
        if (committed.isPresent()) {
            hold.stored();
            return committed.get();
        }
        begun = product.now();
        current = null;
        String target = target(course);
        var follower = new BackupRequest.Follower() {
            @Override
            public void begun(String ticket) {
                hold.begun(new RunHold.Announced(target, ticket));
                ended.add(ticket);
            }

            @Override
            public void committing(String ticket) {
                current = new RunHold.Announced(target, ticket);
                hold.committing();
                // Before the commit: a process that is killed right after it has left word of them.
                copies.wanted(ticket, target);
            }
        };
        try {
            StoredByJob stored = ScopedValue.where(
                            JobContext.CURRENT, new JobContext(job.name(), follower, copyTargets(target)))
                    .call(() -> stored(target));
            hold.stored();
            return stored;
        } catch (BackupException failed) {
            RunHold.Announced last = current;
            if (last != null && unknown.size() < MOST_UNKNOWN) {
                unknown.add(last);
            }
            throw failed;
        }
    }

    /** Where copies of what is stored at a target go. */
    private Map<String, String> copyTargets(String target) {
        Map<String, String> all = new TreeMap<>();
        job.copies().stream()
                .filter(each -> !each.equals(target))
                .forEach(each -> all.put(each, targets.location(each)));
        return all;
    }

    /**
     * What an earlier attempt has committed, of which nobody knew: that of a worker that died, or one whose answer was lost.
     * Where it has not, it never will. A credential that may not decide that finds nothing. Of a group one member does not
     * stand for the others, so that all of them are made again.
     *
     * @param elsewhere whether the run goes on at another target: then it does not wait for the one that is away to say it, and
     *     one restore point too many is better than none
     */
    private Optional<StoredByJob> committed(boolean elsewhere) {
        boolean whole = !(job.subject() instanceof JobEntry.OfGroup);
        for (RunHold.Announced each : List.copyOf(unknown)) {
            Optional<StoredByJob> found;
            try {
                found = isCommitted(each) && whole ? Optional.of(stored(each)) : Optional.empty();
            } catch (UnavailableException away) {
                if (!elsewhere) {
                    throw away;
                }
                // It stays unknown: where the other target fails too, the next attempt asks again.
                continue;
            }
            unknown.remove(each);
            hold.settled(each);
            if (found.isEmpty() && whole) {
                copies.settled(each.ticket());
            }
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private StoredByJob stored(RunHold.Announced backup) {
        Snapshot there = product.snapshots(targets.access(backup.target()), "", new TreeMap<>()).stream()
                .map(SnapshotView::snapshot)
                .filter(each -> each.id().equals(backup.ticket()))
                .findFirst()
                .orElseThrow(() -> ErrorCode.SNAPSHOT_MISSING.because("it was there a moment ago"));
        return new StoredByJob(
                List.of(there.id()),
                backup.target(),
                Duration.ZERO,
                there.errors() == 0 ? JobState.SUCCEEDED : JobState.INCOMPLETE,
                there.started());
    }

    private boolean isCommitted(RunHold.Announced backup) {
        try {
            return product.settle(targets.access(backup.target()), backup.ticket());
        } catch (UsageException notOurs) {
            if (notOurs.code() == ErrorCode.KEY_ROLE_INSUFFICIENT) {
                return false;
            }
            throw notOurs;
        }
    }

    private StoredByJob stored(String target) {
        RepositoryAccess access = targets.access(target);
        return switch (job.subject()) {
            case JobEntry.Trees trees -> {
                BackupResult done = product.backup(access, order(trees));
                yield new StoredByJob(
                        List.of(done.snapshot()),
                        target,
                        Duration.ZERO,
                        done.isComplete() ? JobState.SUCCEEDED : JobState.INCOMPLETE,
                        begun);
            }
            case JobEntry.OfApplication of ->
                stored(target, List.of(product.applications().backup(access, of.name())));
            case JobEntry.OfGroup of ->
                stored(
                        target,
                        product.applications()
                                .backupGroup(access, of.name())
                                .members()
                                .values());
        };
    }

    private BackupOrder order(JobEntry.Trees trees) {
        return new BackupOrder(
                trees.paths().stream().map(PathBytes::of).toList(),
                job.name(),
                new TreeMap<>(),
                trees.exclusions(),
                trees.oneFileSystem());
    }

    private StoredByJob stored(String target, Collection<ApplicationBackup> done) {
        return new StoredByJob(
                done.stream().map(each -> each.backup().snapshot()).toList(),
                target,
                done.stream()
                        .map(ApplicationBackup::frozen)
                        .max(Comparator.naturalOrder())
                        .orElse(Duration.ZERO),
                done.stream()
                        .map(each -> JobState.valueOf(each.state()))
                        .max(Comparator.naturalOrder())
                        .orElse(JobState.SUCCEEDED),
                begun);
    }
}
