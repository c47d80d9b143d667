package org.medbackup.service;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.CollectRequest;
import org.medbackup.resilience.Action;
import org.medbackup.resilience.Course;
import org.medbackup.resilience.Work;
import org.medbackup.service.config.JobEntry;

/** The stage of a job that stores: files, an application or a group, in the repository or where it spills to. */
final class BackupStage implements Work<StoredByJob> {

    private final MedBackup product;
    private final JobEntry job;
    private final JobTargets targets;
    private final Set<String> ended = new HashSet<>();

    BackupStage(MedBackup product, JobEntry job, JobTargets targets) {
        this.product = product;
        this.job = job;
        this.targets = targets;
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
        try {
            return stored(course);
        } catch (BackupException failed) {
            String ticket = failed.context().get("ticket");
            if (ticket != null) {
                ended.add(ticket);
            }
            throw failed;
        }
    }

    private StoredByJob stored(Course course) {
        String target = target(course);
        RepositoryAccess access = targets.access(target);
        return switch (job.subject()) {
            case JobEntry.Trees trees -> {
                BackupResult done = product.backup(access, order(trees));
                yield new StoredByJob(
                        List.of(done.snapshot()),
                        target,
                        Duration.ZERO,
                        done.isComplete() ? JobState.SUCCEEDED : JobState.INCOMPLETE);
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

    private static StoredByJob stored(String target, Collection<ApplicationBackup> done) {
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
                        .orElse(JobState.SUCCEEDED));
    }
}
