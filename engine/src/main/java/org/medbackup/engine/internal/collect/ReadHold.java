package org.medbackup.engine.internal.collect;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.commit.Ticket;
import org.medbackup.engine.internal.commit.TicketHolder;
import org.medbackup.engine.internal.log.Findings;

/**
 * Keeps what a restore reads from being collected while it lasts, even where its restore point is forgotten meanwhile.
 * Where the store lets nothing be written, as one that is mounted read-only, the restore goes on without. Safe for use by
 * several threads.
 */
public final class ReadHold {

    private static final Duration LEASE = Duration.ofHours(24);

    private final Findings findings;
    private final @Nullable TicketHolder ticket;

    private ReadHold(Findings findings, @Nullable TicketHolder ticket) {
        this.findings = findings;
        this.ticket = ticket;
    }

    /** Work that reads. */
    @FunctionalInterface
    public interface Reading<T> {

        /** Reads; calls {@link ReadHold#renew} now and then. */
        T under(ReadHold hold);
    }

    /**
     * Reads under a hold. The work must look again whether the restore point is there: a collector that had begun before
     * does not see the hold.
     *
     * @param references root reference page of the restore point
     */
    public static <T> T during(RepositoryCore core, ChunkId references, Findings findings, Reading<T> work) {
        ReadHold hold = take(core, references, findings);
        try {
            return work.under(hold);
        } finally {
            hold.release();
        }
    }

    private static ReadHold take(RepositoryCore core, ChunkId references, Findings findings) {
        var context = core.context();
        Ticket ticket =
                Ticket.reading(core.keys(), context.time().now(), LEASE, List.of(references), context.entropy());
        try {
            return new ReadHold(
                    findings, new TicketHolder(core.store(), core.keys(), context.time(), context.entropy(), ticket));
        } catch (BackupException readOnly) {
            findings.add(ticket.name(), readOnly);
            return new ReadHold(findings, null);
        }
    }

    /** Keeps the hold alive; cheap as long as a third of its lease has not passed. */
    public void renew() {
        TicketHolder held = ticket;
        if (held != null) {
            try {
                held.renew();
            } catch (BackupException refused) {
                // Tried again when another third has passed, which is early enough.
                findings.add(held.ticket().name(), refused);
            }
        }
    }

    private void release() {
        TicketHolder held = ticket;
        if (held != null) {
            try {
                held.withdraw();
            } catch (BackupException refused) {
                // Its lease ends by itself.
            }
        }
    }
}
