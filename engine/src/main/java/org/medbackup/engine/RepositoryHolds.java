package org.medbackup.engine;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.access.ProtectedAct;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.copy.SnapshotCopy;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.place.Destination;
import org.medbackup.engine.internal.retain.HoldRecord;
import org.medbackup.engine.internal.retain.Holds;

/**
 * The legal holds of an open repository. They lie in it, sealed and signed by the owner, and go along with every copy; nothing
 * that one covers is given up as long as it stands. Safe for use by several threads.
 */
public final class RepositoryHolds {

    private static final int LONGEST = 1000;

    private final RepositoryCore core;
    private final RestorePoints points;

    RepositoryHolds(RepositoryCore core, RestorePoints points) {
        this.core = core;
        this.points = points;
    }

    /**
     * Places one. It holds as soon as this has returned.
     *
     * @param matter for which, 1 to 1000 characters
     * @param by who places it
     * @param policy by whose lock generation its object is locked, where the target locks
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#USAGE} where the matter says nothing, and
     *     {@link ErrorCode#KEY_ROLE_INSUFFICIENT} where the key is not the owner's
     */
    public LegalHold place(String matter, String by, LegalHold.Selector selector, PlacementPolicy policy) {
        Instant now = core.context().time().now().truncatedTo(ChronoUnit.MILLIS);
        ObjectName name = HoldRecord.newName(now, core.context().entropy());
        var hold = new LegalHold(HoldRecord.id(name), said(matter, "matter"), by, now, selector);
        put(name, new HoldRecord(false, hold), policy);
        return hold;
    }

    /**
     * Releases one; its record and that of its release stay.
     *
     * @param id of it, or the beginning
     * @param reason 1 to 1000 characters
     * @param by who releases it
     * @param policy as of {@link #place}
     * @return what it was
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#HOLD_NOT_FOUND}, and as {@link #place} says
     */
    public LegalHold release(String id, String reason, String by, PlacementPolicy policy) {
        List<LegalHold> found = list().stream()
                .filter(each -> !id.isEmpty() && each.id().startsWith(id))
                .toList();
        if (found.size() != 1) {
            throw ErrorCode.HOLD_NOT_FOUND.because(found.isEmpty() ? "none stands with this id" : "several begin so");
        }
        LegalHold hold = found.getFirst();
        RepositoryRules.permit(core, ProtectedAct.Kind.RELEASE_HOLD, Map.of("hold", hold.id()));
        Instant now = core.context().time().now().truncatedTo(ChronoUnit.MILLIS);
        ObjectName name = HoldRecord.newName(now, core.context().entropy());
        var release = new LegalHold(hold.id(), said(reason, "reason"), by, now, LegalHold.Selector.ALL);
        put(name, new HoldRecord(true, release), policy);
        return hold;
    }

    private void put(ObjectName name, HoldRecord record, PlacementPolicy policy) {
        byte[] object = record.encode(name, core.keys(), core.context().entropy());
        core.store().putIfAbsent(name, ObjectContent.of(object).kept(Destination.keeping("", policy.lockGeneration())));
    }

    private static String said(String text, String what) {
        if (text.isBlank() || text.length() > LONGEST) {
            throw ErrorCode.USAGE.because("the " + what + " of a legal hold has 1 to " + LONGEST + " characters");
        }
        return text;
    }

    /**
     * Those that stand, in the order in which they were placed.
     *
     * @throws org.medbackup.core.error.DamageException with {@link ErrorCode#HOLDS_UNREADABLE}
     */
    public List<LegalHold> list() {
        core.keys().requireReading();
        return Holds.read(core.store(), core.keys()).standing();
    }

    /** The restore points that one covers now, oldest first. */
    public List<Snapshot> covered(LegalHold hold, OperationLog log) {
        return points.all(log).stream()
                .filter(each -> hold.selector().covers(each))
                .toList();
    }

    /**
     * Lets a copy of this repository know of all holds and releases; a target without one is left alone.
     *
     * @param copy a target that restore points were copied to
     * @param policy as of {@link #place}
     * @param log takes what is found to be damaged and left out
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#REPOSITORY_EXISTS} where something else lies there
     */
    public void bring(ObjectStore copy, PlacementPolicy policy, OperationLog log) {
        if (!copy.isEmpty()) {
            SnapshotCopy.complete(core, copy, Destination.keeping("", policy.lockGeneration()), new Findings(log));
        }
    }
}
