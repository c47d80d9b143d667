package org.medbackup.app.mariadb.binlog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The state of a binary log: the last sequence number of each server in each domain. Every file begins with the state of
 * all files before it, which so tells whether one follows another.
 *
 * @param last by domain and server
 */
public record GtidState(SortedMap<Origin, Long> last) {

    /** Who numbers transactions. */
    public record Origin(long domain, long server) implements Comparable<Origin> {

        @Override
        public int compareTo(Origin other) {
            int byDomain = Long.compare(domain, other.domain);
            return byDomain != 0 ? byDomain : Long.compare(server, other.server);
        }
    }

    /** Before the first transaction. */
    public static final GtidState NOTHING = new GtidState(Collections.emptySortedMap());

    public GtidState {
        last = Collections.unmodifiableSortedMap(new TreeMap<>(last));
    }

    /** The state in which these are the last ones. */
    public static GtidState of(Collection<Gtid> gtids) {
        var last = new TreeMap<Origin, Long>();
        gtids.forEach(each -> last.put(new Origin(each.domain(), each.server()), each.sequence()));
        return new GtidState(last);
    }

    /** A list with commas between; may be empty. */
    public static List<Gtid> list(String text) {
        List<Gtid> all = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            if (!each.isBlank()) {
                all.add(Gtid.parse(each));
            }
        }
        return all;
    }

    /** As {@link #toString} has written it. */
    public static GtidState parse(String text) {
        return of(list(text));
    }

    /** Whether a transaction is in it, by the numbers of its origin. */
    public boolean covers(Gtid gtid) {
        return last.getOrDefault(new Origin(gtid.domain(), gtid.server()), -1L) >= gtid.sequence();
    }

    /**
     * Whether a file that begins with the other state follows one that ends with this one. A domain may be gone: an
     * administrator can have it deleted ({@code FLUSH BINARY LOGS DELETE_DOMAIN_ID}). All of them gone is a log that begins
     * anew.
     */
    public boolean isFollowedBy(GtidState next) {
        if (next.last.isEmpty()) {
            return last.isEmpty();
        }
        boolean nothingNew =
                next.last.entrySet().stream().allMatch(each -> each.getValue().equals(last.get(each.getKey())));
        boolean nothingLost = last.keySet().stream()
                .filter(each -> next.last.keySet().stream().anyMatch(other -> other.domain() == each.domain()))
                .allMatch(each -> next.last.get(each) != null);
        return nothingNew && nothingLost;
    }

    /** Whether the other state can be a later one of the same log: nothing went back, and it does not begin anew. */
    public boolean mayLeadTo(GtidState later) {
        return later.last.isEmpty()
                ? last.isEmpty()
                : later.last.entrySet().stream()
                        .allMatch(each -> each.getValue() >= last.getOrDefault(each.getKey(), 0L));
    }

    @Override
    public String toString() {
        List<String> all = new ArrayList<>();
        last.forEach((origin, sequence) -> all.add(new Gtid(origin.domain(), origin.server(), sequence).toString()));
        return String.join(",", all);
    }
}
