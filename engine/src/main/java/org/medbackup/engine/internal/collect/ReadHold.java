package org.medbackup.engine.internal.collect;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.commit.Ticket;
import org.medbackup.engine.internal.log.Findings;

/**
 * Keeps what a restore reads from being collected while it lasts, even where its restore point is forgotten meanwhile.
 * Where the store lets nothing be written, as one that is mounted read-only, the restore goes on without.
 */
public final class ReadHold {

    private static final Duration LEASE = Duration.ofHours(24);

    private final RepositoryCore core;
    private final @Nullable ObjectName name;

    private ReadHold(RepositoryCore core, @Nullable ObjectName name) {
        this.core = core;
        this.name = name;
    }

    /**
     * Reads under a hold. The work must look again whether the restore point is there: a collector that had begun before
     * does not see the hold.
     *
     * @param references root reference page of the restore point
     */
    public static <T> T during(RepositoryCore core, ChunkId references, Findings findings, Supplier<T> work) {
        ReadHold hold = take(core, references, findings);
        try {
            return work.get();
        } finally {
            hold.release();
        }
    }

    private static ReadHold take(RepositoryCore core, ChunkId references, Findings findings) {
        Ticket ticket = Ticket.reading(
                core.keys(),
                core.context().time().now(),
                LEASE,
                List.of(references),
                core.context().entropy());
        try {
            core.store()
                    .putIfAbsent(
                            ticket.name(),
                            ObjectContent.of(
                                    ticket.encode(core.keys(), core.context().entropy())));
            return new ReadHold(core, ticket.name());
        } catch (BackupException readOnly) {
            findings.add(ticket.name(), readOnly);
            return new ReadHold(core, null);
        }
    }

    private void release() {
        ObjectName held = name;
        if (held != null) {
            try {
                core.store().delete(held);
            } catch (BackupException refused) {
                // Its lease ends by itself.
            }
        }
    }
}
