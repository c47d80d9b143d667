package org.medbackup.resilience.escalation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.medbackup.core.spi.notify.Notification.Kind;

/**
 * The news that a channel does not have yet, in their order. Newer news of an incident take the place of older ones, so
 * that nothing is told that is over, and nothing overtakes. Not safe for use by several threads.
 */
final class Backlog {

    private final List<Pending> pending;

    Backlog(List<Pending> pending) {
        this.pending = new ArrayList<>(pending);
    }

    List<Pending> all() {
        return List.copyOf(pending);
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    boolean awaits(String incident) {
        return pending.stream().anyMatch(each -> each.incident().equals(incident));
    }

    private boolean awaits(String incident, Kind kind) {
        return pending.stream().anyMatch(each -> each.incident().equals(incident) && each.kind() == kind);
    }

    /** Whether there are news of an incident that were refused. */
    boolean wasRefused(String incident) {
        return pending.stream().anyMatch(each -> each.incident().equals(incident) && each.refusals() > 0);
    }

    /**
     * Takes news of an incident.
     *
     * @param known whether the channel knows of the incident, or may
     */
    void add(String incident, Kind kind, boolean known) {
        boolean opening = awaits(incident, Kind.OPENED);
        switch (kind) {
            case OPENED -> replace(incident, Kind.OPENED);
            case RAISED -> replace(incident, opening || !known ? Kind.OPENED : Kind.RAISED);
            case REMINDED -> {
                // That somebody takes care is no longer so.
                pending.removeIf(each -> each.incident().equals(incident) && each.kind() == Kind.ACKNOWLEDGED);
                if (!awaits(incident)) {
                    replace(incident, known ? Kind.REMINDED : Kind.OPENED);
                }
            }
            case ACKNOWLEDGED -> {
                if (known || opening) {
                    pending.removeIf(each -> each.incident().equals(incident) && each.kind() != Kind.OPENED);
                    pending.add(Pending.of(incident, Kind.ACKNOWLEDGED));
                }
            }
            case RESOLVED -> {
                if (known) {
                    replace(incident, Kind.RESOLVED);
                } else {
                    forget(incident);
                }
            }
        }
    }

    private void replace(String incident, Kind kind) {
        forget(incident);
        pending.add(Pending.of(incident, kind));
    }

    private void forget(String incident) {
        pending.removeIf(each -> each.incident().equals(incident));
    }

    /** The first news of each incident that fulfil something; those that were refused behind all others. */
    List<Pending> first(Predicate<Pending> ready) {
        Set<String> seen = new HashSet<>();
        return pending.stream()
                .filter(each -> seen.add(each.incident()))
                .filter(ready)
                .sorted(Comparator.comparing(each -> each.refusals() > 0))
                .toList();
    }

    void arrived(Pending news) {
        pending.removeIf(news::isSameNews);
    }

    void refused(Pending news, Instant now) {
        pending.replaceAll(each -> each.isSameNews(news) ? each.refused(now) : each);
    }

    /** Who was not told that it began is not told that it is over. */
    void forgetEnds(Predicate<String> known) {
        List<String> over = pending.stream()
                .filter(each -> each.kind() == Kind.RESOLVED && !known.test(each.incident()))
                .map(Pending::incident)
                .toList();
        over.forEach(this::forget);
    }

    /** The same by a clock that may have been set back. */
    void notAfter(Instant now) {
        pending.replaceAll(each -> each.notAfter(now));
    }
}
