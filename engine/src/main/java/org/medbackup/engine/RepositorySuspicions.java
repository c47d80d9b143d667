package org.medbackup.engine;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.access.ProtectedAct;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.place.Destination;
import org.medbackup.engine.internal.retain.SuspicionRecord;
import org.medbackup.engine.internal.retain.Suspicions;

/**
 * The restore points of an open repository that are suspected to hold what ransomware has done. The records lie in it, sealed and
 * signed, create-only, and go along with every copy. Whoever backs up may suspect; only the owner clears. Safe for use by several
 * threads.
 */
public final class RepositorySuspicions {

    private static final int LONGEST = 1000;

    private final RepositoryCore core;

    RepositorySuspicions(RepositoryCore core) {
        this.core = core;
    }

    /**
     * Suspects a restore point. Its source is frozen as soon as this has returned.
     *
     * @param signs codes of what was found
     * @param by whose program found it
     * @param clean id of the last restore point of the source that is under no suspicion; empty where there is none
     * @param policy by whose lock generation its object is locked, where the target locks
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#KEY_ROLE_INSUFFICIENT} where the key neither backs up
     *     nor verifies
     */
    public Suspicion suspect(Subject subject, List<String> signs, String by, String clean, PlacementPolicy policy) {
        KeyRole role = core.keys().role();
        core.keys().require(role.may(KeyRole.Right.PROVE) ? KeyRole.Right.PROVE : KeyRole.Right.BACK_UP);
        var suspicion = new Suspicion(subject.snapshot(), subject.source(), subject.host(), now(), by, signs, clean);
        put(new SuspicionRecord(Optional.of(suspicion), suspicion.snapshot(), "", by, suspicion.since()), policy);
        return suspicion;
    }

    /**
     * Which restore point is suspected.
     *
     * @param snapshot id of it
     * @param source name of its source
     * @param host on which it was made
     */
    public record Subject(String snapshot, String source, String host) {}

    /**
     * Clears a restore point: a person has looked and vouches for it. Both records stay.
     *
     * @param snapshot id, or its beginning
     * @param reason 1 to 1000 characters
     * @param by who clears it
     * @return what was said of it
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#SUSPICION_NOT_FOUND}, with {@link ErrorCode#USAGE}
     *     where the reason says nothing, and {@link ErrorCode#KEY_ROLE_INSUFFICIENT} where the key is not the owner's
     */
    public Suspicion clear(String snapshot, String reason, String by, PlacementPolicy policy) {
        if (reason.isBlank() || reason.length() > LONGEST) {
            throw ErrorCode.USAGE.because("a reason has 1 to " + LONGEST + " characters");
        }
        core.keys().require(KeyRole.Right.ADMINISTER);
        List<Suspicion> found = standing().stream()
                .filter(each -> !snapshot.isEmpty() && each.snapshot().startsWith(snapshot))
                .toList();
        if (found.size() != 1) {
            throw ErrorCode.SUSPICION_NOT_FOUND.because(
                    found.isEmpty() ? "no suspect restore point has this id" : "several begin so");
        }
        Suspicion cleared = found.getFirst();
        RepositoryRules.permit(core, ProtectedAct.Kind.CLEAR_SUSPICION, Map.of("snapshot", cleared.snapshot()));
        put(new SuspicionRecord(Optional.empty(), cleared.snapshot(), reason, by, now()), policy);
        return cleared;
    }

    private Instant now() {
        return core.context().time().now().truncatedTo(ChronoUnit.MILLIS);
    }

    private void put(SuspicionRecord record, PlacementPolicy policy) {
        ObjectName name = SuspicionRecord.newName(record.time(), core.context().entropy());
        byte[] object = record.encode(name, core.keys(), core.context().entropy());
        core.store().putIfAbsent(name, ObjectContent.of(object).kept(Destination.keeping("", policy.lockGeneration())));
    }

    /**
     * Those that stand, in the order in which they were found.
     *
     * @throws org.medbackup.core.error.DamageException with {@link ErrorCode#SUSPICIONS_UNREADABLE}
     */
    public List<Suspicion> standing() {
        core.keys().requireReading();
        return read().standing();
    }

    /** Ids of restore points that a person has cleared. */
    public java.util.Set<String> cleared() {
        core.keys().requireReading();
        return read().cleared();
    }

    private Suspicions read() {
        return Suspicions.read(core, new Findings(org.medbackup.core.event.OperationLog.silent()));
    }
}
