package org.medbackup.resilience.escalation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.resilience.escalation.Envelope.Scope;
import org.medbackup.resilience.escalation.Letters.Word;

/**
 * What one channel has to be told, what it knows, and what it takes within an hour. One message is under way at a time.
 * Not safe for use by several threads.
 */
final class Box {

    private static final Duration HOUR = Duration.ofHours(1);

    /** All that is written down of it. */
    record Content(
            List<Pending> pending,
            Set<String> told,
            Gathering surplus,
            Gathering digest,
            boolean digestDue,
            List<Instant> sent,
            int failures,
            int refusals,
            @Nullable Instant failedAt) {

        static final Content EMPTY =
                new Content(List.of(), Set.of(), Gathering.NOTHING, Gathering.NOTHING, false, List.of(), 0, 0, null);
    }

    private final Letters letters;
    private final Delivery delivery;
    private final IncidentBook book;
    private final Backlog backlog;
    private final Set<String> told;
    private final List<Instant> sent;
    private Gathering surplus;
    private Gathering digest;
    private boolean digestDue;
    private int failures;
    private int refusals;
    private @Nullable Instant failedAt;
    private @Nullable Instant sendingSince;

    Box(Letters letters, Delivery delivery, IncidentBook book, Content content) {
        this.letters = letters;
        this.delivery = delivery;
        this.book = book;
        this.backlog = new Backlog(content.pending);
        this.told = new TreeSet<>(content.told);
        this.sent = new ArrayList<>(content.sent);
        this.surplus = content.surplus;
        this.digest = content.digest;
        this.digestDue = content.digestDue;
        this.failures = content.failures;
        this.refusals = content.refusals;
        this.failedAt = content.failedAt;
    }

    Content content() {
        return new Content(
                backlog.all(),
                new TreeSet<>(told),
                surplus,
                digest,
                digestDue,
                List.copyOf(sent),
                failures,
                refusals,
                failedAt);
    }

    /** Whether the channel knows of an incident otherwise than by the digest. */
    boolean knows(String incident) {
        return told.contains(incident) || surplus.named().contains(incident);
    }

    /** Whether something is left to be said of an incident, or was said and is not over. */
    boolean concerns(String incident) {
        return knows(incident) || digest.named().contains(incident) || awaits(incident);
    }

    /** Whether the channel does not have the last news of an incident. */
    boolean awaits(String incident) {
        return backlog.awaits(incident);
    }

    /** Whether it has nothing to send, so that it would not be seen that a channel works again. */
    boolean isEmpty() {
        return backlog.isEmpty() && !digestDue && !surplus.isOver();
    }

    /** How often in a row the channel did not take a message. */
    int failures() {
        return failures + refusals;
    }

    /** Whether the last news of an incident is not there and will not be there soon, as far as is known. */
    boolean cannotTell(String incident, Alarm alarm) {
        Instant since = sendingSince;
        boolean hangs = since != null && alarm.rings(since.plus(delivery.patience()));
        boolean fails = failures > 0 || failures() >= delivery.failuresUntilIncident() || hangs;
        return awaits(incident) && (fails || backlog.wasRefused(incident));
    }

    /** Takes news of an incident. */
    void add(String incident, Kind kind) {
        backlog.add(incident, kind, knows(incident));
    }

    /** The same by a clock that may have been set back. */
    void notAfter(Instant now) {
        Instant failed = failedAt;
        failedAt = failed == null ? null : Alarm.notAfter(failed, now);
        backlog.notAfter(now);
    }

    /** The time of the digest has come. */
    void digestIsDue() {
        digestDue = true;
    }

    /** A digest that has nothing to say is not kept for the next warning: that waits for its own day. */
    void tidy() {
        digestDue = digestDue && digestSays();
    }

    private boolean digestSays() {
        return !digestWords().isEmpty() || digest.isOver();
    }

    /** What is to be sent now; null where nothing is, or has to wait. */
    @Nullable
    Envelope choose(Alarm alarm) {
        if (sendingSince != null || isEmpty()) {
            return null;
        }
        Instant failed = failedAt;
        boolean urgent = backlog.all().stream().anyMatch(this::isCritical);
        if (failed != null && !alarm.rings(failed.plus(delivery.pause(failures(), urgent)))) {
            return null;
        }
        List<Pending> ready = ready(alarm);
        for (Pending each : ready) {
            if (isCritical(each)) {
                return one(each, alarm.now());
            }
        }
        return limited(ready, alarm);
    }

    /** The first news of each incident, where they need not wait. */
    private List<Pending> ready(Alarm alarm) {
        return backlog.first(each -> {
            Instant refused = each.refusedAt();
            return refused == null || alarm.rings(refused.plus(delivery.pause(each.refusals(), isCritical(each))));
        });
    }

    private boolean isCritical(Pending each) {
        return book.get(each.incident()).severity() == Severity.CRITICAL;
    }

    private @Nullable Envelope limited(List<Pending> ready, Alarm alarm) {
        boolean digestNow = digestDue && digestSays();
        if (ready.isEmpty() && !digestNow && !surplus.isOver()) {
            return null;
        }
        Instant now = alarm.now();
        List<Instant> counted = sent.stream()
                .filter(at -> at.plus(HOUR).isAfter(now) && !at.isAfter(now))
                .sorted()
                .toList();
        int room = delivery.hourlyLimit() - counted.size();
        if (room <= 0 && !alarm.rings(counted.get(-room).plus(HOUR))) {
            return null;
        }
        List<Pending> single =
                ready.stream().filter(each -> !isOverInSurplus(each)).toList();
        if (room > 1 && !single.isEmpty()) {
            return one(single.getFirst(), now);
        }
        if (ready.isEmpty() && digestNow) {
            return digest(now);
        }
        if (!ready.isEmpty() && !mayBeGathered(ready.getFirst())) {
            return one(ready.getFirst(), now);
        }
        List<Pending> gathered = ready.stream().filter(this::mayBeGathered).toList();
        return gathered.size() == 1 && !isOverInSurplus(gathered.getFirst())
                ? one(gathered.getFirst(), now)
                : surplus(gathered, now);
    }

    /** The end of what was told in a message on several is told in another one. */
    private boolean isOverInSurplus(Pending each) {
        return each.kind() == Kind.RESOLVED && !told.contains(each.incident());
    }

    /** What was told by itself is also changed by itself, for receivers that know incidents. */
    private boolean mayBeGathered(Pending each) {
        return !told.contains(each.incident()) || each.kind() == Kind.REMINDED;
    }

    private Envelope one(Pending each, Instant now) {
        Kind kind = knows(each.incident()) || each.kind() == Kind.RESOLVED || each.kind() == Kind.ACKNOWLEDGED
                ? each.kind()
                : Kind.OPENED;
        Incident incident = book.get(each.incident());
        Gathering state = told.contains(each.incident()) ? new Gathering(true, Set.of()) : Gathering.NOTHING;
        return new Envelope(
                Scope.ONE,
                List.of(each),
                letters.one(incident, kind, now),
                incident.severity() != Severity.CRITICAL,
                state,
                state);
    }

    private Envelope surplus(List<Pending> gathered, Instant now) {
        Map<Incident, Word> words = new LinkedHashMap<>();
        gathered.forEach(each -> words.put(book.get(each.incident()), Word.of(each.kind())));
        Gathering after = after(surplus, words);
        Notification notification = letters.surplus(surplus.kindOf(after), words, delivery.hourlyLimit(), now);
        return new Envelope(Scope.SURPLUS, gathered, notification, true, surplus, after);
    }

    private Envelope digest(Instant now) {
        Map<Incident, Word> words = digestWords();
        Gathering after = after(digest, words);
        return new Envelope(
                Scope.DIGEST, List.of(), letters.digest(digest.kindOf(after), words, now), true, digest, after);
    }

    private static Gathering after(Gathering before, Map<Incident, Word> words) {
        Set<String> over = new TreeSet<>();
        Set<String> open = new TreeSet<>();
        words.forEach((incident, word) -> (word == Word.OVER ? over : open).add(incident.id()));
        return (open.isEmpty() ? before : before.and(open)).without(over);
    }

    private Map<Incident, Word> digestWords() {
        Map<Incident, Word> words = new LinkedHashMap<>();
        for (Incident each : book.all()) {
            boolean named = digest.named().contains(each.id());
            if (named && !each.isOpen()) {
                words.put(each, Word.OVER);
            } else if (each.state() == Incident.State.OPEN && each.severity() == Severity.WARNING) {
                words.put(each, named ? Word.OPEN : Word.NEW);
            }
        }
        return words;
    }

    /** A message goes out. Whether it arrives is not known until it is said; until then it counts as told. */
    void begin(Envelope envelope, Instant now) {
        sendingSince = now;
        sent.removeIf(at -> !at.plus(HOUR).isAfter(now) || at.isAfter(now));
        if (envelope.limited()) {
            sent.add(now);
        }
        Gathering atMost = new Gathering(
                true, union(envelope.before().named(), envelope.after().named()));
        switch (envelope.scope()) {
            case ONE -> told.add(envelope.notification().incident());
            case SURPLUS -> surplus = atMost;
            case DIGEST -> digest = atMost;
        }
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> all = new TreeSet<>(one);
        all.addAll(other);
        return all;
    }

    /** It was taken. */
    void arrived(Envelope envelope) {
        sendingSince = null;
        failures = 0;
        refusals = 0;
        failedAt = null;
        envelope.covered().forEach(backlog::arrived);
        switch (envelope.scope()) {
            case ONE -> {
                if (envelope.notification().kind() == Kind.RESOLVED) {
                    isOver(envelope.notification().incident());
                }
            }
            case SURPLUS -> surplus = envelope.after();
            case DIGEST -> {
                digest = envelope.after();
                digestDue = false;
            }
        }
    }

    private void isOver(String incident) {
        told.remove(incident);
        surplus = surplus.forgetting(incident);
        digest = digest.forgetting(incident);
    }

    /**
     * It was not taken.
     *
     * @param refused whether the channel may take another one
     */
    void failed(Envelope envelope, Instant now, boolean refused) {
        takeBack(envelope);
        failedAt = now;
        if (refused && envelope.scope() == Scope.ONE) {
            refusals++;
            backlog.refused(envelope.covered().getFirst(), now);
        } else {
            failures++;
        }
    }

    /** It was not sent. */
    void takeBack(Envelope envelope) {
        Instant begun = sendingSince;
        sendingSince = null;
        if (envelope.limited() && begun != null) {
            sent.remove(begun);
        }
        switch (envelope.scope()) {
            case ONE -> {
                if (!envelope.before().told()) {
                    told.remove(envelope.notification().incident());
                }
            }
            case SURPLUS -> surplus = envelope.before();
            case DIGEST -> digest = envelope.before();
        }
        backlog.forgetEnds(this::knows);
    }
}
