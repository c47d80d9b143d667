package org.medbackup.engine;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.access.AccessRecords;
import org.medbackup.core.spi.access.ProtectedAct;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.copy.SnapshotCopy;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.place.Destination;
import org.medbackup.engine.internal.retain.AccessRecord;

/**
 * The rules of access that lie in an open repository, and the approvals that were used up at it. They are sealed and signed by the
 * owner, go along with every copy, and none is ever changed. Safe for use by several threads.
 */
public final class RepositoryRules implements AccessRecords {

    private final RepositoryCore core;

    RepositoryRules(RepositoryCore core) {
        this.core = core;
    }

    /** Asks the guard of this program. */
    static void permit(RepositoryCore core, ProtectedAct.Kind kind, Map<String, String> parameters) {
        core.context().guard().permit(new ProtectedAct(kind, core.id(), parameters), new RepositoryRules(core));
    }

    @Override
    public List<Rules> rules() {
        core.keys().requireReading();
        var names = new ArrayList<ObjectName>();
        core.store().list(AccessRecord.PREFIX, info -> {
            if (AccessRecord.isVersion(info.name())) {
                names.add(info.name());
            }
        });
        names.sort(Comparator.naturalOrder());
        return names.stream().map(this::read).toList();
    }

    private Rules read(ObjectName name) {
        try {
            if (AccessRecord.decode(core.store().readAll(name), name, core.keys())
                            instanceof AccessRecord.Version(int version, String text)
                    && AccessRecord.version(version).equals(name)) {
                return new Rules(version, text);
            }
            throw ErrorCode.OBJECT_DAMAGED.because("it is not the version of its name");
        } catch (DamageException damaged) {
            throw ErrorCode.ACCESS_RECORDS_UNREADABLE
                    .because("one of them does not open: " + damaged.code(), damaged)
                    .with("object", name);
        }
    }

    /**
     * Puts a version of the rules in force here.
     *
     * @param version one above the newest
     * @param policy by whose lock generation its object is locked, where the target locks
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#ACCESS_OUTDATED} where it is another number, or
     *     somebody has put one there meanwhile
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#KEY_ROLE_INSUFFICIENT} where the key is not the owner's
     */
    public void put(int version, String text, PlacementPolicy policy) {
        List<Rules> before = rules();
        int next = before.isEmpty() ? 1 : before.getLast().version() + 1;
        if (version != next) {
            throw ErrorCode.ACCESS_OUTDATED.because(
                    "the next version at the repository is " + next + ", not " + version);
        }
        ObjectName name = AccessRecord.version(version);
        byte[] object = new AccessRecord.Version(version, text)
                .encode(name, core.keys(), core.context().entropy());
        ObjectContent content = ObjectContent.of(object).kept(Destination.keeping("", policy.lockGeneration()));
        if (core.store().putIfAbsent(name, content) != PutOutcome.CREATED) {
            throw ErrorCode.ACCESS_OUTDATED.because("version " + version + " was put there meanwhile");
        }
    }

    @Override
    public boolean useUp(String approval) {
        ObjectName name = AccessRecord.used(approval);
        var used = new AccessRecord.Used(core.context().time().now().truncatedTo(ChronoUnit.MILLIS));
        byte[] object = used.encode(name, core.keys(), core.context().entropy());
        return core.store().putIfAbsent(name, ObjectContent.of(object)) == PutOutcome.CREATED;
    }

    /**
     * Lets a copy of this repository know of all rules; a target without one is left alone.
     *
     * @param copy a target that restore points were copied to
     * @param policy as of {@link #put}
     * @param log takes what is found to be damaged and left out
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#REPOSITORY_EXISTS} where something else lies there
     */
    public void bring(ObjectStore copy, PlacementPolicy policy, OperationLog log) {
        if (!copy.isEmpty()) {
            SnapshotCopy.complete(core, copy, Destination.keeping("", policy.lockGeneration()), new Findings(log));
        }
    }
}
