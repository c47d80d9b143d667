package org.medbackup.engine.internal.commit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.log.Findings;

/** The tickets of a repository as a collector sees them. Immutable. */
public final class OpenTickets {

    private static final int ID = 32;

    private final Map<String, Held> tickets;

    private OpenTickets(Map<String, Held> tickets) {
        this.tickets = tickets;
    }

    /**
     * A ticket.
     *
     * @param objects all of its renewals
     * @param ticket the last of them; null where it cannot be read, and then its lease counts as over
     */
    public record Held(
            String id, List<ObjectName> objects, @Nullable Ticket ticket) {

        /** Whether its holder may still write. A slot that holds something ends that. */
        boolean isWriting() {
            Ticket last = ticket;
            return last == null || last.isWriting();
        }

        /** Whether its lease has ended. */
        public boolean isOver(Instant now) {
            Ticket last = ticket;
            return last == null || last.isOver(now);
        }
    }

    /** Reads all tickets. */
    public static OpenTickets read(ObjectStore store, KeyRing keys, Findings findings) {
        Map<String, TreeMap<Integer, ObjectName>> names = new TreeMap<>();
        store.list(
                Ticket.PREFIX,
                info -> number(info.name())
                        .ifPresent(renewal -> names.computeIfAbsent(id(info.name()), id -> new TreeMap<>())
                                .put(renewal, info.name())));
        var tickets = new TreeMap<String, Held>();
        names.forEach((id, objects) -> {
            ObjectName last = objects.lastEntry().getValue();
            try {
                Ticket ticket = Ticket.decode(store.readAll(last), last, keys);
                tickets.put(id, new Held(id, List.copyOf(objects.values()), ticket));
            } catch (DamageException damaged) {
                if (damaged.code() != ErrorCode.OBJECT_MISSING) {
                    findings.add(last, damaged);
                    tickets.put(id, new Held(id, List.copyOf(objects.values()), null));
                }
            }
        });
        return new OpenTickets(tickets);
    }

    private static String id(ObjectName name) {
        String text = name.text();
        return text.substring(Ticket.PREFIX.length(), Math.max(Ticket.PREFIX.length(), text.lastIndexOf('-')));
    }

    /** The number of a renewal, empty where the name is not that of a ticket. */
    private static Optional<Integer> number(ObjectName name) {
        String id = id(name);
        String rest = name.text().substring(name.text().lastIndexOf('-') + 1);
        boolean known = id.length() == ID
                && id.chars().allMatch(HexFormat::isHexDigit)
                && !rest.isEmpty()
                && rest.length() < 10
                && rest.chars().allMatch(c -> c >= '0' && c <= '9');
        return known ? Optional.of(Integer.parseInt(rest)) : Optional.empty();
    }

    /** All tickets. */
    public List<Held> all() {
        return List.copyOf(tickets.values());
    }

    /** A ticket, empty where its objects are gone. */
    public Optional<Held> find(String id) {
        return Optional.ofNullable(tickets.get(id));
    }

    /** Ids of those that may still write a restore point: no slot of theirs holds anything. */
    public List<String> writing(Slots slots) {
        return tickets.values().stream()
                .filter(Held::isWriting)
                .map(Held::id)
                .filter(id -> !slots.isTaken(id))
                .toList();
    }

    /** Root reference pages of the restore points that are being read. */
    public List<ChunkId> pins(Instant now) {
        var pins = new ArrayList<ChunkId>();
        for (Held held : tickets.values()) {
            Ticket ticket = held.ticket();
            if (ticket != null && !ticket.isOver(now)) {
                pins.addAll(ticket.pins());
            }
        }
        return pins;
    }
}
