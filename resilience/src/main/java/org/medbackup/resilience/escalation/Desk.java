package org.medbackup.resilience.escalation;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.spi.notify.Severity;

/** Decides who is told what, by the rules; puts it into the boxes. Not safe for use by several threads. */
final class Desk {

    private final EscalationRules rules;
    private final IncidentBook book;
    private final Map<String, Box> boxes;
    private final Map<String, Course> courses = new TreeMap<>();
    private Instant lastDigest;

    /**
     * Nothing has been said.
     *
     * @param boxes by channel
     */
    Desk(EscalationRules rules, IncidentBook book, Map<String, Box> boxes, Instant lastDigest) {
        this.rules = rules;
        this.book = book;
        this.boxes = boxes;
        this.lastDigest = lastDigest;
    }

    /** Puts back what was written down. */
    void restore(Map<String, Course> all) {
        courses.putAll(all);
    }

    Map<String, Course> courses() {
        return courses;
    }

    Instant lastDigest() {
        return lastDigest;
    }

    /** Does what is due. Again at the same instant it does nothing, unless something was reported or sent. */
    void decide(Alarm alarm) {
        courses.replaceAll((id, each) -> each.notAfter(alarm.now()));
        boxes.values().forEach(each -> each.notAfter(alarm.now()));
        lastDigest = Alarm.notAfter(lastDigest, alarm.now());
        book.pass(alarm, each -> boxes.values().stream().anyMatch(box -> box.concerns(each.id())));
        // First, since a channel that is asked again only where it has nothing else may have nothing else then.
        book.all().stream().filter(each -> !each.isOpen()).forEach(this::close);
        for (Incident each : book.all()) {
            if (each.mended() == null) {
                ask(each, courses.get(each.id()), alarm);
            }
        }
        digest(alarm);
    }

    /** Of what came and went too often to be over nobody is asked as long as it works. */
    private void ask(Incident incident, @Nullable Course course, Alarm alarm) {
        if (incident.state() == Incident.State.ACKNOWLEDGED) {
            hold(incident, course);
        } else if (incident.severity() == Severity.CRITICAL) {
            critical(incident, course, alarm);
        } else if (incident.severity() == Severity.ERROR) {
            error(incident, course, alarm);
        }
    }

    private void close(Incident incident) {
        if (courses.remove(incident.id()) != null) {
            boxes.values().forEach(box -> box.add(incident.id(), Kind.RESOLVED));
        }
    }

    /** Nobody is told again; when the acknowledgement ends, it is said first, and then waited for. */
    private void hold(Incident incident, @Nullable Course course) {
        if (course != null && course.rung() != null) {
            courses.put(incident.id(), course.waitingToBeSaid());
            boxes.values().forEach(box -> box.add(incident.id(), Kind.ACKNOWLEDGED));
        }
    }

    private void error(Incident incident, @Nullable Course course, Alarm alarm) {
        boolean mayBeSaid = alarm.rings(rules.quiet().speakable(incident.protectedUntil(), alarm.now()));
        if (course == null || course.rung() == null) {
            if (mayBeSaid) {
                say(incident, new Course(Severity.ERROR, alarm.now(), alarm.now(), 0), again(course));
            }
            return;
        }
        if (alarm.rings(course.rung().plus(rules.ladder().raiseAfter()))) {
            critical(book.raise(incident.id(), Severity.CRITICAL).orElseThrow(), course, alarm);
            return;
        }
        if (isDue(course, rules.ladder().remindError(), alarm) && mayBeSaid) {
            say(incident, new Course(Severity.ERROR, alarm.now(), course.rung(), 0), Kind.REMINDED);
        } else {
            reach(incident, course);
        }
    }

    private void critical(Incident incident, @Nullable Course course, Alarm alarm) {
        Instant now = alarm.now();
        if (course == null || course.said() != Severity.CRITICAL) {
            say(incident, new Course(Severity.CRITICAL, now, now, 0), course == null ? Kind.OPENED : Kind.RAISED);
        } else if (course.rung() == null) {
            say(incident, new Course(Severity.CRITICAL, now, now, course.step()), Kind.REMINDED);
        } else if (isDue(course, rules.ladder().remindCritical(), alarm)) {
            say(incident, new Course(Severity.CRITICAL, now, course.rung(), course.step()), Kind.REMINDED);
        } else {
            reach(incident, course);
        }
        climb(incident, alarm);
    }

    private static Kind again(@Nullable Course course) {
        return course == null ? Kind.OPENED : Kind.REMINDED;
    }

    private static boolean isDue(Course course, Duration every, Alarm alarm) {
        return alarm.rings(course.saidAt().plus(every));
    }

    /** Goes on to the next route where nobody answers, and at once where nobody can be told. */
    private void climb(Incident incident, Alarm alarm) {
        Course course = Objects.requireNonNull(courses.get(incident.id()));
        int routes = rules.routes().critical().size();
        Instant rung = Objects.requireNonNull(course.rung());
        if (course.step() < routes - 1 && alarm.rings(rung.plus(rules.ladder().stepAfter()))) {
            course = step(incident, course, alarm.now());
        }
        while (course.step() < routes && !canBeTold(incident, course, alarm)) {
            course = step(incident, course, alarm.now());
        }
    }

    private Course step(Incident incident, Course course, Instant now) {
        var next = new Course(Severity.CRITICAL, course.saidAt(), now, course.step() + 1);
        courses.put(incident.id(), next);
        for (Box box : boxesOf(incident, rules.routes().step(next.step()))) {
            box.add(incident.id(), Kind.REMINDED);
        }
        return next;
    }

    private boolean canBeTold(Incident incident, Course course, Alarm alarm) {
        return boxesOf(incident, rules.routes().upTo(Severity.CRITICAL, course.step())).stream()
                .anyMatch(box -> !box.cannotTell(incident.id(), alarm));
    }

    private void say(Incident incident, Course course, Kind kind) {
        courses.put(incident.id(), course);
        Set<Box> all = new LinkedHashSet<>(boxesOf(incident, rules.routes().upTo(incident.severity(), course.step())));
        boxes.values().stream().filter(box -> box.knows(incident.id())).forEach(all::add);
        all.forEach(box -> box.add(incident.id(), kind));
    }

    /** Tells those who should know, such as a channel that is new in the rules, and asks a channel that failed again. */
    private void reach(Incident incident, Course course) {
        for (Box box : boxesOf(incident, rules.routes().upTo(incident.severity(), course.step()))) {
            if (!box.knows(incident.id()) && !box.awaits(incident.id())) {
                box.add(incident.id(), Kind.OPENED);
            }
        }
        Box own = boxes.get(channelOf(incident));
        if (own != null && own.isEmpty() && !own.knows(incident.id())) {
            own.add(incident.id(), Kind.OPENED);
        }
    }

    /** Of an incident of a channel all others, the channels of the rules where one of them is another. */
    private List<Box> boxesOf(Incident incident, List<String> channels) {
        String own = channelOf(incident);
        List<String> others =
                channels.stream().filter(each -> !each.equals(own)).toList();
        if (others.isEmpty()) {
            others = boxes.keySet().stream().filter(each -> !each.equals(own)).toList();
        }
        return others.stream()
                .map(each -> Objects.requireNonNull(boxes.get(each)))
                .toList();
    }

    private static String channelOf(Incident incident) {
        return OwnFaults.isOfChannel(incident.cause()) ? incident.cause().resource() : "";
    }

    private void digest(Alarm alarm) {
        if (alarm.rings(rules.digest().after(lastDigest))) {
            lastDigest = alarm.now();
            rules.routes()
                    .warning()
                    .forEach(each -> Objects.requireNonNull(boxes.get(each)).digestIsDue());
            // The next one has to be on the alarm too.
            alarm.rings(rules.digest().after(lastDigest));
        }
        boxes.values().forEach(Box::tidy);
    }
}
