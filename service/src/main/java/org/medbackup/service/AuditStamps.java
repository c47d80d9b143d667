package org.medbackup.service;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.AuditTrail;
import org.medbackup.audit.StampCheck;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.spi.stamp.TimestampProvider;
import org.medbackup.core.spi.stamp.Timestamps;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.TimestampEntry;

/**
 * Has a service attest when checkpoints of the audit trail were there, where the configuration names one. Used by one thread at a
 * time.
 */
final class AuditStamps {

    private final AuditTrail audit;
    private final Operations operations;
    private final Supplier<Configuration> configuration;
    private long stamped = -1;

    AuditStamps(AuditTrail audit, Operations operations, Supplier<Configuration> configuration) {
        this.audit = audit;
        this.operations = operations;
        this.configuration = configuration;
    }

    /**
     * Keeps a time-stamp of a checkpoint. That none can be had keeps nothing from being done: it is an operation of its own that
     * fails, and the one of the next checkpoint attests all entries of this one too.
     */
    void keep(String note, TreeHead head) {
        TimestampEntry entry = configuration.get().timestamp();
        if (entry == null || head.size() == stamped) {
            return;
        }
        try {
            byte[] token = timestamps(entry).stamp(entry.service(), text(note));
            audit.keepStamp(head.size(), token);
            stamped = head.size();
        } catch (BackupException failed) {
            operations.run(
                    "audit-timestamp",
                    Facts.NONE,
                    log -> failed,
                    it -> new Ending(Operations.outcome(it), it.code(), Facts.of("entries", head.size())));
        }
    }

    /** The lines that are signed. */
    private static byte[] text(String note) {
        return note.substring(0, note.indexOf("\n\n") + 1).getBytes(StandardCharsets.UTF_8);
    }

    private static Timestamps timestamps(TimestampEntry entry) {
        return ServiceLoader.load(TimestampProvider.class)
                .findFirst()
                .orElseThrow(
                        () -> ErrorCode.AUDIT_TIMESTAMP_FAILED.because("no adapter speaks to time-stamping services"))
                .trusting(entry.authorities());
    }

    /** Checks what was kept, where somebody says which services are trusted. */
    static StampCheck check(@Nullable TimestampEntry entry) {
        return Optional.ofNullable(entry)
                .map(AuditStamps::timestamps)
                .<StampCheck>map(timestamps -> timestamps::time)
                .orElseGet(StampCheck::none);
    }
}
