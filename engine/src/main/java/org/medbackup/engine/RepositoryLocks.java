package org.medbackup.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Function;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.collect.ReadHold;
import org.medbackup.engine.internal.commit.Manifest;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.lock.RestorePointLocks;
import org.medbackup.engine.internal.log.Findings;

/**
 * The retention locks of an open repository: until one ends, nobody deletes the object, whoever he is. They are set with the
 * bytes; here they are made to last, and asked for. Safe for use by several threads.
 */
public final class RepositoryLocks {

    private final RepositoryCore core;
    private final RestorePoints points;

    RepositoryLocks(RepositoryCore core, RestorePoints points) {
        this.core = core;
        this.points = points;
    }

    /** Whether the target is set up to lock. */
    public boolean areThere() {
        return core.store().locks().isPresent();
    }

    /**
     * Makes the locks of what a restore point needs last as a policy demands. What this machine knows to be locked for so long
     * is not asked for again.
     *
     * @param snapshot id of it
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#LOCKS_UNAVAILABLE} where the target does not
     *     lock, {@link ErrorCode#SNAPSHOT_NOT_FOUND}, and {@link ErrorCode#KEY_ROLE_INSUFFICIENT} for a writer's key
     */
    public LockResult extend(String snapshot, PlacementPolicy policy, OperationLog log) {
        return on(snapshot, log, locks -> locks.extend(policy));
    }

    /**
     * How what a restore point needs is locked, as the target says of each object. Changes nothing.
     *
     * @param snapshot id of it
     * @throws org.medbackup.core.error.UsageException as of {@link #extend}
     */
    public LockResult report(String snapshot, OperationLog log) {
        return on(snapshot, log, RestorePointLocks::report);
    }

    private LockResult on(String snapshot, OperationLog log, Function<RestorePointLocks, LockResult> work) {
        core.keys().require(KeyRole.Right.COLLECT);
        ObjectStore.Locks locks = core.store()
                .locks()
                .orElseThrow(
                        () -> ErrorCode.LOCKS_UNAVAILABLE.because(core.store().location()));
        var findings = new Findings(log);
        Manifest manifest = core.slots(findings)
                .read(snapshot)
                .orElseThrow(() -> ErrorCode.SNAPSHOT_NOT_FOUND.because("no restore point " + snapshot));
        return ReadHold.during(
                core,
                points.references(snapshot, findings),
                findings,
                hold -> work.apply(new RestorePointLocks(core, locks, manifest, findings, hold::renew)));
    }

    /** A restore point whose manifest is locked is there for as long as that lasts, whoever gives it up. */
    ForgetResult withoutLocked(ForgetResult wished) {
        ObjectStore.Locks locks = core.store().locks().orElse(null);
        if (locks == null) {
            return wished;
        }
        Instant now = core.context().time().now();
        var removed = new ArrayList<String>();
        var refused = new ArrayList<>(wished.refused());
        for (String id : wished.removed()) {
            Optional<Instant> until = core.store().length(Slots.slot(id)).isPresent()
                    ? locks.until(Slots.slot(id)).filter(end -> end.isAfter(now))
                    : Optional.empty();
            until.ifPresentOrElse(
                    end -> refused.add(new ForgetResult.Refused(id, "it is locked until " + end)),
                    () -> removed.add(id));
        }
        return new ForgetResult(wished.kept(), removed, refused);
    }
}
