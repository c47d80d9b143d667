package org.medbackup.engine.internal.verify;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.commit.Manifest;
import org.medbackup.engine.internal.commit.Signers;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.commit.VerificationRecord;
import org.medbackup.engine.internal.log.Findings;

/**
 * Whether restore points that were there are there. Each is named by the one after it of its source and by the signed
 * results of verifications; whoever deletes its objects leaves these witnesses. One that was forgotten, as its owner may,
 * is not missed.
 */
final class HistoryCheck {

    private final RepositoryCore core;
    private final Damages damages;
    private final Set<String> forgotten;

    /**
     * A check.
     *
     * @param forgotten ids of the restore points that somebody who may has given up
     */
    HistoryCheck(RepositoryCore core, Damages damages, Set<String> forgotten) {
        this.core = core;
        this.damages = damages;
        this.forgotten = Set.copyOf(forgotten);
    }

    /**
     * Follows the names that restore points give each other.
     *
     * @param stored all that can be read
     */
    void follow(List<Slots.Stored> stored) {
        Set<String> digests = new HashSet<>();
        stored.forEach(each -> digests.add(HexFormat.of().formatHex(each.digest())));
        for (Slots.Stored each : stored) {
            byte[] previous = each.manifest().open().previous();
            boolean known =
                    previous.length == 0 || digests.contains(HexFormat.of().formatHex(previous));
            String parent =
                    each.manifest().readable().map(Manifest.Named::parent).orElse("");
            if (known || parent.isEmpty() || forgotten.contains(parent)) {
                continue;
            }
            if (!isThere(parent)) {
                miss(parent, "the restore point " + each.manifest().text() + " names it");
            } else if (stored.stream().anyMatch(other -> other.manifest().text().equals(parent))) {
                damages.add(
                        Slots.slot(parent),
                        ErrorCode.OBJECT_DAMAGED,
                        "it is not the one that the restore point "
                                + each.manifest().text() + " names");
            }
        }
    }

    /** Asks the results of earlier verifications. */
    void askVerifications() {
        // Damaged certificates and results are found and told where these are looked at.
        Signers signers =
                Signers.read(core.store(), core.keys(), new Findings(org.medbackup.core.event.OperationLog.silent()));
        var names = new java.util.ArrayList<ObjectName>();
        core.store().list(VerificationRecord.PREFIX, (ObjectInfo info) -> names.add(info.name()));
        Set<String> asked = new HashSet<>();
        for (ObjectName name : names) {
            try {
                var record = VerificationRecord.decode(core.store().readAll(name), name, core.keys(), signers);
                record.whole().stream().filter(asked::add).forEach(id -> ask(id, record));
                record.damaged().stream().filter(asked::add).forEach(id -> ask(id, record));
            } catch (DamageException unreadable) {
                // Told where results are looked at; it is no witness.
            } catch (BackupException other) {
                if (other.code() != ErrorCode.REPOSITORY_TOO_NEW) {
                    throw other;
                }
            }
        }
    }

    private void ask(String id, VerificationRecord record) {
        if (!forgotten.contains(id) && !isThere(id)) {
            miss(id, "a verification saw it on " + record.time());
        }
    }

    private boolean isThere(String id) {
        return core.store().length(Slots.slot(id)).isPresent();
    }

    private void miss(String id, String witness) {
        damages.add(Slots.slot(id), ErrorCode.SNAPSHOT_MISSING, witness + ", and it is not there");
        damages.addSnapshot(Slots.slot(id), id);
    }
}
