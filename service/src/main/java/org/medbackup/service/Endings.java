package org.medbackup.service;

import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.CopyResult;
import org.medbackup.engine.RestoreResult;
import org.medbackup.engine.Snapshot;
import org.medbackup.service.Operations.Ending;

/** What operations say of their results at their end. */
final class Endings {

    private Endings() {}

    /** Which restore point somebody takes data out of, and how sensitive that is. */
    static Facts chosen(Snapshot found) {
        return Facts.of("snapshot", found.id()).and("dataClass", found.dataClass());
    }

    static Ending of(BackupResult result) {
        Facts facts = Facts.of("snapshot", result.snapshot())
                .and("parent", result.parent())
                .and("filesNew", result.files().added())
                .and("filesChanged", result.files().changed())
                .and("filesUnmodified", result.files().unmodified())
                .and("failed", result.errorCount())
                .and("bytesScanned", result.bytes().scanned())
                .and("bytesStored", result.bytes().stored());
        return result.isComplete()
                ? Ending.success(facts)
                : new Ending(Outcome.INCOMPLETE, ErrorCode.SOURCE_UNREADABLE, facts);
    }

    static Ending of(RestoreResult result) {
        Facts facts = Facts.of("files", result.files())
                .and("bytes", result.bytes().written())
                .and("bytesReused", result.bytes().reused())
                .and("failures", result.failureCount());
        if (result.damaged()) {
            return new Ending(Outcome.FINDING, ErrorCode.OBJECT_DAMAGED, facts);
        }
        return result.isComplete()
                ? Ending.success(facts)
                : new Ending(Outcome.INCOMPLETE, ErrorCode.ATTRIBUTE_NOT_SET, facts);
    }

    static Ending of(CopyResult result) {
        Facts facts = Facts.of("snapshot", result.snapshot())
                .and("packsCopied", result.packs().copied())
                .and("packsPresent", result.packs().present())
                .and("bytes", result.bytes())
                .and("damaged", result.damaged().size());
        return result.isWhole() ? Ending.success(facts) : new Ending(Outcome.FINDING, ErrorCode.OBJECT_DAMAGED, facts);
    }

    static Ending read(Snapshot snapshot) {
        return Ending.success(Facts.of("snapshot", snapshot.id()));
    }
}
