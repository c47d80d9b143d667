package org.medbackup.engine.internal.collect;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.medbackup.core.TimeSource;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.commit.OpenTickets;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.commit.TicketHolder;
import org.medbackup.engine.internal.log.Findings;

/**
 * Waits for those who may lean on packs that are condemned, until each has committed or never will: a ticket whose lease
 * has ended loses its commit slot. Used by one thread.
 */
class Settlement {

    private static final Duration POLL = Duration.ofMillis(500);

    private final RepositoryCore core;
    private final Findings findings;
    private final TicketHolder own;
    private final TimeSource time;

    /**
     * A settlement.
     *
     * @param own the collector's ticket, for which nobody has to wait; renewed meanwhile
     */
    Settlement(RepositoryCore core, Findings findings, TicketHolder own) {
        this.core = core;
        this.findings = findings;
        this.own = own;
        this.time = core.context().time();
    }

    private Instant now() {
        return time.now();
    }

    private OpenTickets tickets() {
        return OpenTickets.read(core.store(), core.keys(), findings);
    }

    private String ownId() {
        return own.ticket().text();
    }

    /** Tickets that may have been opened before a list was published. */
    List<String> openTickets() {
        return tickets().writing(core.slots(findings));
    }

    /** Whether nobody else may still write. */
    boolean othersAreAtRest() {
        return openTickets().stream().allMatch(ownId()::equals);
    }

    /** Backups that have said nothing for longer than their lease: what they left behind is garbage then. */
    void fenceLapsed() {
        OpenTickets tickets = tickets();
        Slots slots = core.slots(findings);
        for (String id : tickets.writing(slots)) {
            boolean lapsed = tickets.find(id).map(held -> held.isOver(now())).orElse(false);
            if (lapsed && !id.equals(ownId())) {
                fence(id, slots);
            }
        }
    }

    /**
     * Waits for tickets; gives those that are still open when the patience has ended.
     *
     * @param ended of which the caller knows that nobody goes on with them
     */
    List<String> settle(List<String> ids, Duration patience, Set<String> ended) {
        long begun = time.nanos();
        var open = new ArrayList<>(ids);
        open.remove(ownId());
        while (true) {
            OpenTickets tickets = tickets();
            Slots slots = core.slots(findings);
            open.removeIf(id -> isSettled(id, ended.contains(id), tickets, slots));
            if (open.isEmpty() || time.since(begun).compareTo(patience) >= 0) {
                return open;
            }
            own.renew();
            time.sleep(POLL);
        }
    }

    private boolean isSettled(String id, boolean ended, OpenTickets tickets, Slots slots) {
        if (slots.isTaken(id)) {
            return true;
        }
        Optional<OpenTickets.Held> held = tickets.find(id);
        if (held.isEmpty()) {
            // Only a collector takes its ticket back before its slot holds something, and it has nothing to commit.
            return true;
        }
        if (ended || held.get().isOver(now())) {
            fence(id, slots);
            return true;
        }
        return false;
    }

    /** Takes the slot of a ticket that has lapsed: whatever is in it then, its writer cannot commit any more. */
    void fence(String id, Slots slots) {
        slots.revoke(id, now(), core.context().entropy());
    }
}
