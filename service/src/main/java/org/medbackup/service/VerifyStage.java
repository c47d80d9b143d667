package org.medbackup.service;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.engine.VerifyResult;
import org.medbackup.resilience.Action;
import org.medbackup.resilience.Course;
import org.medbackup.resilience.Work;
import org.medbackup.service.config.JobEntry;

/** The stage of a job that proves what it stored, and brings back from copies what it finds to be damaged. */
final class VerifyStage implements Work<VerifyResult> {

    private final MedBackup product;
    private final JobEntry job;
    private final JobTargets targets;
    private final StoredByJob stored;
    private final VerifyLevel level;
    private List<String> damaged = List.of();

    VerifyStage(MedBackup product, JobEntry job, JobTargets targets, StoredByJob stored, VerifyLevel level) {
        this.product = product;
        this.job = job;
        this.targets = targets;
        this.stored = stored;
        this.level = level;
    }

    @Override
    public String stage() {
        return "verify";
    }

    @Override
    public String resource(Course course) {
        return stored.target();
    }

    @Override
    public Set<Action> possible() {
        Set<Action> possible = EnumSet.of(Action.FREE_STATE);
        if (!copies().isEmpty()) {
            possible.add(Action.REPAIR);
        }
        return possible;
    }

    private List<String> copies() {
        return job.copies().stream()
                .filter(each -> !each.equals(stored.target()))
                .toList();
    }

    @Override
    public void prepare(Action action) {
        if (action != Action.REPAIR) {
            return;
        }
        List<String> left = damaged;
        var tries = new ArrayList<>(copies());
        while (!left.isEmpty() && !tries.isEmpty()) {
            left = product.repair(targets.access(stored.target()), left, targets.location(tries.removeFirst()))
                    .left();
        }
    }

    @Override
    public VerifyResult attempt(Course course) {
        try {
            VerifyResult result = product.verify(targets.access(stored.target()), level, 100, stored.snapshots());
            damaged = result.damaged().stream().map(VerifyResult.Damage::object).toList();
            if (!result.isWhole()) {
                throw ErrorCode.OBJECT_DAMAGED.because(
                        damaged.size() + " objects of the new restore point are not whole");
            }
            return result;
        } catch (BackupException failed) {
            String object = failed.context().get("object");
            if (object != null) {
                damaged = List.of(object);
            }
            throw failed;
        }
    }
}
