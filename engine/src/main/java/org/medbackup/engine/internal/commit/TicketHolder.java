package org.medbackup.engine.internal.commit;

import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.crypto.HybridKem;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.keys.KeyRing;

/**
 * Holds a ticket and renews its lease. The lease only decides when a collector takes the commit slot away; that
 * nothing is lost rests on the slot. Safe for use by several threads.
 */
public final class TicketHolder {

    /** How long a collector waits for a backup that says nothing more. */
    public static final Duration BACKUP_LEASE = Duration.ofHours(6);

    private final ObjectStore store;
    private final KeyRing keys;
    private final TimeSource time;
    private final Entropy entropy;
    private final Duration lease;
    private final SortedMap<Integer, HybridKem.Sealed> secrets;
    private Ticket ticket;
    private long renewed;

    /** Announces work, before anything of it is written. */
    public TicketHolder(ObjectStore store, KeyRing keys, TimeSource time, Entropy entropy, Duration lease) {
        this(store, keys, time, entropy, Ticket.open(keys, time.now(), lease, entropy));
    }

    /** Announces a ticket that has no secrets: of a reader, or of a copy. */
    public TicketHolder(ObjectStore store, KeyRing keys, TimeSource time, Entropy entropy, Ticket ticket) {
        this(store, keys, time, entropy, new Ticket.Opened(ticket, new TreeMap<>()));
    }

    private TicketHolder(ObjectStore store, KeyRing keys, TimeSource time, Entropy entropy, Ticket.Opened opened) {
        this.store = store;
        this.keys = keys;
        this.time = time;
        this.entropy = entropy;
        this.ticket = opened.ticket();
        this.lease = ticket.lease();
        this.secrets = opened.secrets();
        this.renewed = time.nanos();
        put();
    }

    private void put() {
        store.putIfAbsent(ticket.name(), ObjectContent.of(ticket.encode(keys, entropy)));
    }

    /** The ticket as it was renewed last. */
    public synchronized Ticket ticket() {
        return ticket;
    }

    /** Its secrets by domain. */
    public SortedMap<Integer, HybridKem.Sealed> secrets() {
        return secrets;
    }

    /** The ticket's secret of a domain. */
    public HybridKem.Sealed secret(KeyDomain domain) {
        HybridKem.Sealed secret = secrets.get(domain.id());
        if (secret == null) {
            throw new IllegalStateException("the ticket has no secret for a key domain");
        }
        return secret;
    }

    /**
     * Ends a backup whose slot a collector has taken: what it stored may be deleted, so that nobody must find it.
     *
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#COMMIT_REFUSED}
     */
    public void requireOpen() {
        String id = ticket().text();
        var fenced = new AtomicBoolean();
        // Listed, since a target may let a writer list these names and not ask for one that is not there.
        store.list(Slots.fence(id).text(), info -> fenced.set(true));
        if (fenced.get()) {
            throw ErrorCode.COMMIT_REFUSED
                    .because("a collector has taken its place, since its lease had ended")
                    .with("snapshot", id);
        }
    }

    /** Renews the lease when a third of it has passed. */
    public synchronized void renew() {
        if (time.since(renewed).compareTo(lease.dividedBy(3)) > 0) {
            ticket = ticket.renewed(time.now());
            renewed = time.nanos();
            put();
        }
    }

    /** Takes the ticket back; only for work that ends without a restore point and will not go on. */
    public synchronized void withdraw() {
        for (int renewal = 0; renewal <= ticket.renewal(); renewal++) {
            store.delete(Ticket.name(ticket.text(), renewal));
        }
    }
}
