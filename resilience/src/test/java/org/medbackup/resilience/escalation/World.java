package org.medbackup.resilience.escalation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.resilience.escalation.FakeChannel.Mode;
import org.medbackup.testkit.ManualTime;

/** An escalation, what really happens around it, and what has to be so at each moment. For one thread. */
final class World {

    /** The process ends while it sends. */
    static final class Killed extends Error {

        private static final long serialVersionUID = 1L;
    }

    static final List<String> CHANNELS = List.of("pager", "phone", "chief", "mail", "chat");
    private static final Routes ROUTES = new Routes(
            List.of("mail"), List.of("mail", "chat"), List.of(List.of("pager"), List.of("phone"), List.of("chief")));
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);
    private static final Pattern LINE = Pattern.compile("(new|open|taken care of|over): .* \\(([0-9a-f]{16})\\)");

    private final ManualTime time;
    private final IncidentStore store = IncidentStore.inMemory();
    private final Map<String, FakeChannel> channels = new LinkedHashMap<>();
    private final Map<String, Instant> upSince = new HashMap<>();
    private final EscalationRules rules;
    /** Who dies before it is known that a message arrived sends it again. */
    private final boolean mayRepeat;

    private final Map<Cause, Set<String>> failing = new HashMap<>();
    private final Map<Cause, Deque<Instant>> changes = new HashMap<>();
    private final Map<String, Instant> urgent = new HashMap<>();
    private final Map<String, Instant> answered = new HashMap<>();
    private final Map<String, Integer> seen = new HashMap<>();
    private Escalation escalation;

    /** Everything works. */
    World(Instant begin, int limit, boolean mayRepeat) {
        this.mayRepeat = mayRepeat;
        time = new ManualTime(begin);
        for (String name : CHANNELS) {
            channels.put(name, new FakeChannel(name));
            upSince.put(name, begin);
        }
        rules = EscalationRules.of(ROUTES, Scene.BERLIN)
                .withQuiet(Scene.nights())
                .withDelivery(new Delivery(
                        limit,
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(30),
                        2,
                        Duration.ofSeconds(30)));
        escalation = open();
    }

    private Escalation open() {
        Map<String, NotificationChannel> all = new HashMap<>(channels);
        return Escalation.open(rules, all, Escalation.Parts.of("backup01", store, EventSink.none(), time));
    }

    void restart() {
        escalation = open();
    }

    /** Dies when a channel has taken its next message. */
    void killAt(String channel) {
        channel(channel).after(() -> {
            throw new Killed();
        });
    }

    private FakeChannel channel(String name) {
        return Objects.requireNonNull(channels.get(name));
    }

    String state() {
        return store.load().orElseThrow();
    }

    List<Notification> taken(String channel) {
        return channel(channel).taken();
    }

    void fails(Cause cause, String job, Severity severity) {
        escalation.failed(Scene.report(cause, job, severity));
        Set<String> jobs = failing.computeIfAbsent(cause, each -> new HashSet<>());
        if (jobs.isEmpty()) {
            changed(cause);
        }
        jobs.add(job);
    }

    void succeeds(String resource, String job) {
        escalation.mended(new Proof.JobSucceeded(resource, job));
        failing.forEach((cause, jobs) -> {
            if (cause.resource().equals(resource) && jobs.remove(job) && jobs.isEmpty()) {
                changed(cause);
            }
        });
    }

    void works(Cause cause) {
        escalation.mended(new Proof.ResourceWorks(cause));
        Set<String> jobs = failing.getOrDefault(cause, new HashSet<>());
        if (!jobs.isEmpty()) {
            jobs.clear();
            changed(cause);
        }
    }

    /** One of those that fail works again. */
    void mends(int which) {
        List<Cause> broken = failing.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparing(Cause::id))
                .toList();
        if (!broken.isEmpty()) {
            works(broken.get(which % broken.size()));
        }
    }

    void everythingWorks() {
        List.copyOf(failing.keySet()).forEach(this::works);
    }

    private void changed(Cause cause) {
        changes.computeIfAbsent(cause, each -> new ArrayDeque<>()).addLast(time.now());
    }

    /** Somebody takes care of one of those that are open. */
    void take(int which, Duration length) {
        List<Incident> open = escalation.incidents();
        if (!open.isEmpty()) {
            escalation.acknowledge(open.get(which % open.size()).id(), "raj", "", length);
        }
    }

    void is(String channel, Mode mode) {
        boolean wasUp = channel(channel).isUp();
        channel(channel).is(mode);
        if (!wasUp && mode == Mode.UP) {
            upSince.put(channel, time.now());
        }
    }

    /** Does what is due until an instant, when it is due. */
    void until(Instant end) {
        tick();
        Optional<Instant> due = escalation.due();
        while (due.isPresent() && !due.get().isAfter(end)) {
            Instant before = time.now();
            if (due.get().isAfter(before)) {
                time.advance(Duration.between(before, due.get()));
            }
            tick();
            due = escalation.due();
            assertThat(due.orElse(Instant.MAX)).as("it goes on").isAfter(time.now());
        }
        time.advance(Duration.between(time.now(), end));
        look();
    }

    private void tick() {
        boolean done = false;
        while (!done) {
            try {
                escalation.tick();
                done = true;
            } catch (Killed dead) {
                restart();
            }
        }
        look();
    }

    /** What has to be so at each moment. */
    private void look() {
        Instant now = time.now();
        hear();
        Set<String> still = new HashSet<>();
        for (Incident each : escalation.incidents()) {
            if (each.severity() == Severity.CRITICAL && each.state() == Incident.State.OPEN) {
                still.add(each.id());
                Instant since = urgent.computeIfAbsent(each.id(), id -> now);
                Instant last = answered.get(each.id());
                if (each.mended() == null && (last == null || last.isBefore(since))) {
                    requireNotLate(each, since, now);
                }
            }
        }
        urgent.keySet().retainAll(still);
        Set<Cause> open = new HashSet<>();
        escalation.incidents().forEach(each -> open.add(each.cause()));
        failing.forEach((cause, jobs) -> {
            long lately = changes.getOrDefault(cause, new ArrayDeque<>()).stream()
                    .filter(at -> at.plus(HALF_AN_HOUR).isAfter(now))
                    .count();
            assertThat(open.contains(cause))
                    .as("%s is open at %s, with %s, %s changes", cause, now, jobs, lately)
                    .isEqualTo(!jobs.isEmpty() || lately >= 3);
        });
    }

    private void hear() {
        channels.forEach((name, channel) -> {
            List<Notification> all = channel.taken();
            for (int i = seen.getOrDefault(name, 0); i < all.size(); i++) {
                Notification each = all.get(i);
                if (each.severity() == Severity.CRITICAL && each.kind() != Kind.RESOLVED) {
                    answered.put(each.incident(), each.time());
                }
            }
            seen.put(name, all.size());
        });
    }

    /** A channel that has worked for a minute, and is not the one that the incident is about, has to have it. */
    private void requireNotLate(Incident incident, Instant since, Instant now) {
        channels.forEach((name, channel) -> {
            Instant up = upSince.getOrDefault(name, Instant.MAX);
            Instant from = up.isAfter(since) ? up : since;
            boolean late =
                    channel.isUp() && !name.equals(incident.cause().resource()) && now.isAfter(from.plus(MINUTE));
            assertThat(late)
                    .as(
                            "%s, critical since %s, is told nobody at %s though %s works since %s",
                            incident.cause(), since, now, name, up)
                    .isFalse();
        });
    }

    /** No hour has more than the limit, but for what is critical. */
    void requireLimit(String channel, int limit) {
        List<Instant> times = new ArrayList<>();
        for (Notification each : taken(channel)) {
            if (each.severity() != Severity.CRITICAL) {
                times.add(each.time());
            }
        }
        for (int i = limit; i < times.size(); i++) {
            assertThat(Duration.between(times.get(i - limit), times.get(i)))
                    .as("%s messages on %s until %s", limit + 1, channel, times.get(i))
                    .isGreaterThanOrEqualTo(Duration.ofHours(1));
        }
    }

    /** The end of everything was told to a channel if it was told of it, and only then. Returns how many ends there were. */
    int requireEnds(String channel) {
        Set<String> known = new HashSet<>();
        Map<String, Set<String>> named = new HashMap<>();
        int ends = 0;
        for (Notification each : taken(channel)) {
            boolean several = each.incident().contains("-");
            String where = several ? each.incident() : "";
            if (several) {
                Set<String> names = named.computeIfAbsent(where, id -> new HashSet<>());
                each.members().forEach(line -> lineOf(line, names));
            }
            if (each.kind() == Kind.RESOLVED) {
                ends++;
                boolean told = known.remove(each.incident());
                for (Set<String> names : named.values()) {
                    told |= names.remove(each.incident());
                }
                assertThat(told || mayRepeat)
                        .as("end of %s on %s", each, channel)
                        .isTrue();
            } else {
                known.add(each.incident());
            }
        }
        assertThat(known).as("not told to be over on " + channel).isEmpty();
        assertThat(named.values()).as("not named as over on " + channel).allMatch(Set::isEmpty);
        return ends;
    }

    private void lineOf(String line, Set<String> names) {
        Matcher parts = LINE.matcher(line);
        assertThat(parts.matches()).as(line).isTrue();
        if (parts.group(1).equals("over")) {
            assertThat(names.remove(parts.group(2)) || mayRepeat).as(line).isTrue();
        } else {
            names.add(parts.group(2));
        }
    }

    /** News of one incident come in an order that makes sense. */
    void requireOrder(String channel) {
        Map<String, Instant> last = new HashMap<>();
        for (Notification each : taken(channel)) {
            Instant before = last.put(each.incident(), each.time());
            assertThat(before == null || !before.isAfter(each.time())).isTrue();
        }
    }

    boolean isQuiet() {
        return escalation.incidents().isEmpty();
    }
}
