package org.medbackup.resilience.escalation;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.spi.notify.NotificationChannel;

/**
 * From failures to people: takes what failed and what was proven to work, keeps one incident for each cause, and tells
 * channels of it by the rules, at least once each. What it knows is written down before a message goes out, so that after a
 * restart it goes on where it was.
 *
 * <p>It keeps no thread: a scheduler calls {@link #tick()} after each report and when {@link #due()} says so. Channels that
 * fail, a store that cannot be written and events that cannot be kept are incidents like any other, and keep nobody from
 * being told of the rest. Safe for use by several threads; none of them waits for a channel but the one that sends.
 */
public final class Escalation {

    /** How long after a save that failed it is tried again, where nothing else happens. */
    private static final Duration SAVE_AGAIN = Duration.ofMinutes(1);

    /** Saying that something of its own fails may fail, and saying that may too. */
    private static final int ROUNDS = 4;

    /**
     * What it works with.
     *
     * @param host name of this installation, for incidents of its own
     * @param store where it writes down what it knows; of this escalation alone
     * @param events hears what becomes of incidents, and of each delivery with its receipt, such as the audit trail
     * @param time for everything
     * @param sending runs the deliveries, one at a time for each channel
     */
    public record Parts(String host, IncidentStore store, EventSink events, TimeSource time, Executor sending) {

        /** Messages go out within {@link Escalation#tick()}, one after another. */
        public static Parts of(String host, IncidentStore store, EventSink events, TimeSource time) {
            return new Parts(host, store, events, time, Runnable::run);
        }
    }

    private final EscalationRules rules;
    private final Parts parts;
    private final OwnFaults faults;
    private final Chronicle chronicle;
    private final IncidentBook book;
    private final Map<String, Box> boxes = new LinkedHashMap<>();
    private final Desk desk;
    private final Outbox outbox;
    private final Object lock = new Object();
    private @Nullable Instant deskDue;
    private Instant decidedAt;
    private @Nullable StateDocument saved;

    private Escalation(
            EscalationRules rules, Map<String, NotificationChannel> channels, Parts parts, StateDocument known) {
        this.rules = rules;
        this.parts = parts;
        this.faults = new OwnFaults(parts.host);
        this.chronicle = new Chronicle(parts.events, parts.time, parts.host, faults);
        this.book = new IncidentBook(rules.damping(), chronicle);
        book.restore(known.incidents());
        for (String channel : rules.routes().channels()) {
            Box.Content content = known.boxes().getOrDefault(channel, Box.Content.EMPTY);
            boxes.put(channel, new Box(new Letters(parts.host, channel), rules.delivery(), book, content));
        }
        known.boxes().forEach((channel, content) -> {
            if (!boxes.containsKey(channel) && !content.pending().isEmpty()) {
                chronicle.removed(channel, content.pending().size());
            }
        });
        this.desk = new Desk(rules, book, boxes, known.lastDigest());
        desk.restore(known.courses());
        this.outbox = new Outbox(
                boxes, channels, rules.delivery().patience(), parts.time, parts.sending, lock, new Progress());
        this.decidedAt = parts.time.now();
        this.deskDue = decidedAt;
    }

    /**
     * Goes on where the store says that it was.
     *
     * @param channels by the names that the rules use; they stay the caller's
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#CHANNEL_INVALID} where the rules name a channel
     *     that is not there, or by a name that is none
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#STATE_UNUSABLE} where the store cannot be read
     */
    public static Escalation open(EscalationRules rules, Map<String, NotificationChannel> channels, Parts parts) {
        for (String name : rules.routes().channels()) {
            if (!channels.containsKey(name)) {
                throw ErrorCode.CHANNEL_INVALID.because("the rules name a channel that is not there");
            }
            if (!Wording.name(name).equals(name)) {
                throw ErrorCode.CHANNEL_INVALID.because("a channel has a name that is none, such as a path");
            }
        }
        StateDocument known =
                parts.store.load().map(StateDocument::read).orElseGet(() -> StateDocument.empty(parts.time.now()));
        return new Escalation(rules, channels, parts, known);
    }

    /** Something failed. It is written down when this returns; {@link #tick()} tells of it. */
    public void failed(FailureReport report) {
        change(now -> book.failed(report, now));
    }

    /** Something works. It is written down when this returns; {@link #tick()} tells those who were told that it did not. */
    public void mended(Proof proof) {
        change(now -> book.mended(proof, now));
    }

    private void change(Consumer<Instant> how) {
        synchronized (lock) {
            Instant now = parts.time.now();
            how.accept(now);
            deskDue = now;
            save();
        }
    }

    /**
     * Somebody takes care of an incident: nobody is told again until the time is over, unless it becomes more urgent.
     *
     * @param id of the incident
     * @param by who does
     * @param note what they say of it, without patient data; may be empty
     * @param length for how long; where that is longer than the rules allow, for as long as they do
     * @return the incident, with the time at which it ends; empty where none of this id is open
     * @throws IllegalArgumentException where nobody is named, or the length is not positive
     */
    public Optional<Incident> acknowledge(String id, String by, String note, Duration length) {
        synchronized (lock) {
            Instant now = parts.time.now();
            Duration longest = rules.ladder().longestAcknowledgement();
            Duration taken = length.compareTo(longest) < 0 ? length : longest;
            Optional<Incident> after = book.acknowledge(id, new Acknowledgement(by, note, now, now.plus(taken)));
            deskDue = now;
            save();
            return after;
        }
    }

    /** Those that are open, the most urgent first, then the oldest. */
    public List<Incident> incidents() {
        synchronized (lock) {
            return book.all().stream()
                    .filter(Incident::isOpen)
                    .sorted((one, other) -> one.severity() == other.severity()
                            ? one.since().compareTo(other.since())
                            : other.severity().compareTo(one.severity()))
                    .toList();
        }
    }

    /**
     * Does what is due: decides who is told what, and hands messages over. Without an executor of the caller's it returns
     * when all channels have taken what they take now.
     *
     * @throws org.medbackup.core.error.CancelledException where the thread is interrupted while a channel sends; nothing is lost
     */
    public void tick() {
        synchronized (lock) {
            decide();
        }
        outbox.start();
    }

    /** When {@link #tick()} has something to do, which may be in the past; empty where only a report changes that. */
    public Optional<Instant> due() {
        synchronized (lock) {
            Instant now = parts.time.now();
            var alarm = new Alarm(now);
            // A clock that was set back makes all else later than it is.
            if (now.isBefore(decidedAt) || isDue(alarm, deskDue)) {
                return Optional.of(now);
            }
            return outbox.isDue(alarm) ? Optional.of(now) : alarm.next();
        }
    }

    private static boolean isDue(Alarm alarm, @Nullable Instant at) {
        return at != null && alarm.rings(at);
    }

    private void decide() {
        Instant now = parts.time.now();
        decidedAt = now;
        for (int round = 0; round < ROUNDS; round++) {
            faults.tell(book, now);
            var alarm = new Alarm(now);
            desk.decide(alarm);
            if (faults.isUnsaved()) {
                alarm.rings(now.plus(SAVE_AGAIN));
            }
            deskDue = alarm.next().orElse(null);
            save();
            if (!faults.haveChanged()) {
                return;
            }
        }
        deskDue = now.plus(SAVE_AGAIN);
    }

    private void save() {
        Map<String, Box.Content> contents = new TreeMap<>();
        boxes.forEach((channel, box) -> contents.put(channel, box.content()));
        var known = new StateDocument(desk.lastDigest(), book.all(), Map.copyOf(desk.courses()), contents);
        if (known.equals(saved)) {
            return;
        }
        try {
            parts.store.save(known.text());
            saved = known;
            faults.store(true);
        } catch (RuntimeException notKept) {
            // People are told all the same: a disk that is full is just what they need to know.
            faults.store(false);
        }
    }

    /** What is under way, and what has become of it; with the lock held. */
    private final class Progress implements Outbox.Listener {

        @Override
        public void begun(Instant impatient) {
            Instant due = deskDue;
            deskDue = due == null || impatient.isBefore(due) ? impatient : due;
            save();
        }

        @Override
        public void takenBack() {
            save();
        }

        @Override
        public void arrived(String channel, Envelope envelope, String receipt, Duration took, boolean failedBefore) {
            chronicle.delivered(channel, envelope, receipt, took);
            if (failedBefore) {
                Instant now = parts.time.now();
                OwnFaults.working(channel).forEach(proof -> book.mended(proof, now));
            }
            decide();
        }

        @Override
        public void notTaken(String channel, Envelope envelope, ErrorCode code, Duration took, int failures) {
            chronicle.undelivered(channel, envelope, code, took);
            if (failures >= rules.delivery().failuresUntilIncident()) {
                Instant now = parts.time.now();
                Instant next = now.plus(rules.delivery().pause(failures, false));
                book.failed(faults.channel(channel, code, failures, next), now);
            }
            decide();
        }
    }
}
