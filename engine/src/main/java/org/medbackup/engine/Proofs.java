package org.medbackup.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.commit.Signers;
import org.medbackup.engine.internal.commit.VerificationRecord;
import org.medbackup.engine.internal.log.Findings;

/** The results of verifications that are kept in the repository. Safe for use by several threads. */
final class Proofs {

    private final RepositoryCore core;

    Proofs(RepositoryCore core) {
        this.core = core;
    }

    /** Keeps a result in the repository. */
    void keep(VerifyResult result, VerifyLevel level, double share) {
        Set<String> damaged = new HashSet<>();
        result.damaged().forEach(damage -> damaged.addAll(damage.snapshots()));
        Instant now = core.context().time().now();
        ObjectName name = VerificationRecord.newName(now, core.context().entropy());
        var record =
                new VerificationRecord(now, level, share * result.read(), result.snapshots(), List.copyOf(damaged));
        byte[] object = record.encode(name, core.keys(), core.context().entropy());
        core.store().putIfAbsent(name, ObjectContent.of(object));
    }

    /** The last proof of each restore point that has one, by its id. */
    Map<String, Repository.Verified> latest(OperationLog log) {
        return latest(Instant.EPOCH, log);
    }

    /** The same of proofs that were made since then. */
    Map<String, Repository.Verified> latest(Instant since, OperationLog log) {
        var findings = new Findings(log);
        Signers signers = Signers.read(core.store(), core.keys(), findings);
        var names = new ArrayList<ObjectName>();
        core.store().list(VerificationRecord.PREFIX, info -> {
            if (VerificationRecord.isSince(info.name(), since)) {
                names.add(info.name());
            }
        });
        Map<String, Repository.Verified> latest = new HashMap<>();
        for (ObjectName name : names) {
            try {
                var record = VerificationRecord.decode(core.store().readAll(name), name, core.keys(), signers);
                record.whole().forEach(id -> latest.put(id, verified(record, true)));
                record.damaged().forEach(id -> latest.put(id, verified(record, false)));
            } catch (DamageException damaged) {
                findings.add(name, damaged);
            }
        }
        return latest;
    }

    private static Repository.Verified verified(VerificationRecord record, boolean whole) {
        return new Repository.Verified(record.time(), record.level(), record.share(), whole);
    }

    /** Restore points whose last proof found them whole. */
    Set<String> whole(OperationLog log) {
        Set<String> proven = new HashSet<>();
        latest(log).forEach((id, last) -> {
            if (last.whole()) {
                proven.add(id);
            }
        });
        return proven;
    }
}
