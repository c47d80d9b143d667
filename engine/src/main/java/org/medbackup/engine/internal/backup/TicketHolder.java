package org.medbackup.engine.internal.backup;

import java.time.Duration;
import java.util.SortedMap;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.commit.Ticket;
import org.medbackup.engine.internal.crypto.HybridKem;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.keys.KeyRing;

/**
 * Holds a write ticket and renews its lease. The lease only decides when a collector takes the commit slot away; that
 * nothing is lost rests on the slot. Safe for use by several threads.
 */
final class TicketHolder {

    /** How long a collector waits for a writer that says nothing more. */
    static final Duration LEASE = Duration.ofHours(6);

    private final ObjectStore store;
    private final KeyRing keys;
    private final TimeSource time;
    private final Entropy entropy;
    private final SortedMap<Integer, HybridKem.Sealed> secrets;
    private Ticket ticket;
    private long renewed;

    /** Announces a backup, before anything of it is written. */
    TicketHolder(ObjectStore store, KeyRing keys, TimeSource time, Entropy entropy) {
        this.store = store;
        this.keys = keys;
        this.time = time;
        this.entropy = entropy;
        Ticket.Opened opened = Ticket.open(keys, time.now(), LEASE, entropy);
        ticket = opened.ticket();
        secrets = opened.secrets();
        renewed = time.nanos();
        put();
    }

    private void put() {
        store.putIfAbsent(ticket.name(), ObjectContent.of(ticket.encode(keys, entropy)));
    }

    synchronized Ticket ticket() {
        return ticket;
    }

    SortedMap<Integer, HybridKem.Sealed> secrets() {
        return secrets;
    }

    /** The ticket's secret of a domain. */
    HybridKem.Sealed secret(KeyDomain domain) {
        HybridKem.Sealed secret = secrets.get(domain.id());
        if (secret == null) {
            throw new IllegalStateException("the ticket has no secret for a key domain");
        }
        return secret;
    }

    /** Renews the lease when a third of it has passed. */
    synchronized void renew() {
        if (time.since(renewed).compareTo(LEASE.dividedBy(3)) > 0) {
            ticket = ticket.renewed(time.now());
            renewed = time.nanos();
            put();
        }
    }
}
