package org.medbackup.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.place.RetentionTerms.Term;
import org.medbackup.core.spi.place.RetentionTerms.Thinned;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.collect.Retention;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.retain.Holds;
import org.medbackup.engine.internal.retain.PointClasses;
import org.medbackup.engine.internal.retain.Suspicions;

/**
 * What keeps restore points beside the rules of a call: legal holds above all, a suspicion of ransomware, and the terms of the retention classes of which
 * they hold data. Used for one call.
 */
final class RetainedPoints {

    /** What time it is, a repository believes the clock so far beyond its newest restore point. */
    private static final Duration BELIEVED = Duration.ofDays(1);

    /** Digits of an id that people read. */
    private static final int SHORT = 8;

    private final RepositoryCore core;
    private final Map<String, Snapshot> all = new HashMap<>();
    private final Set<String> named;
    private final Retention.Basis basis;
    private final Findings findings;
    private final Instant now;

    /**
     * Of all restore points of a repository.
     *
     * @param named ids of those that somebody wants to give up by their names
     */
    RetainedPoints(
            RepositoryCore core, List<Snapshot> all, Set<String> named, Retention.Basis basis, OperationLog log) {
        this.core = core;
        this.basis = basis;
        this.named = named;
        this.findings = new Findings(log);
        all.forEach(each -> this.all.put(each.id(), each));
        Instant clock = basis.now();
        this.now = all.stream()
                .filter(each -> !basis.isFuture(each))
                .map(each -> each.time().plus(BELIEVED))
                .max(Comparator.naturalOrder())
                .filter(believed -> believed.isBefore(clock))
                .orElse(clock);
    }

    /** The same without giving up what is retained. */
    ForgetResult without(ForgetResult wished) {
        if (wished.removed().isEmpty()) {
            return wished;
        }
        Holds holds = Holds.read(core.store(), core.keys());
        Suspicions suspicions = Suspicions.read(core, findings);
        var removed = new ArrayList<String>();
        var refused = new ArrayList<>(wished.refused());
        try (var classes = new PointClasses(core, findings)) {
            var terms = new Terms(classes);
            for (String id : wished.removed()) {
                Snapshot point = all.get(id);
                Optional<String> reason = point == null
                        ? holds.coveringUnread(id)
                                .map(RetainedPoints::held)
                                .or(() -> suspicions.standing().stream()
                                        .findFirst()
                                        .map(RetainedPoints::frozen))
                        : holds.covering(point)
                                .map(RetainedPoints::held)
                                .or(() -> suspicions.freezing(point).map(RetainedPoints::frozen))
                                .or(() -> terms.reason(point));
                reason.ifPresentOrElse(why -> refused.add(new ForgetResult.Refused(id, why)), () -> removed.add(id));
            }
        }
        return new ForgetResult(wished.kept(), removed, refused);
    }

    private static String frozen(Suspicion suspicion) {
        return "restore point " + suspicion.snapshot().substring(0, SHORT)
                + " of its source is suspect, so nothing of it is given up; see anomaly list";
    }

    private static String held(LegalHold hold) {
        return "legal hold " + hold.id() + " covers it";
    }

    /** By the classes of what restore points hold. */
    private final class Terms {

        private final PointClasses classes;
        private final Map<String, Optional<Set<String>>> known = new HashMap<>();
        private final Map<Group, Set<String>> chosen = new HashMap<>();

        Terms(PointClasses classes) {
            this.classes = classes;
        }

        /** Those of a source on a host that hold data of a class. */
        private record Group(String host, String source, String retentionClass) {}

        /** Why a restore point is kept. */
        Optional<String> reason(Snapshot point) {
            if (point.holdsLog() || point.isOfSite() || isWithout()) {
                return Optional.empty();
            }
            Optional<Set<String>> held = classes(point);
            if (held.isEmpty()) {
                return named.contains(point.id())
                        ? Optional.empty()
                        : Optional.of("of which retention classes it holds data cannot be read; see verify");
            }
            return new TreeSet<>(held.get())
                    .stream().flatMap(name -> reason(point, name).stream()).findFirst();
        }

        /** No policy keeps anything: then nothing has to be read to know it. */
        private boolean isWithout() {
            return core.context().terms().of("").filter(Term.NOTHING::equals).isPresent();
        }

        private Optional<Set<String>> classes(Snapshot point) {
            return known.computeIfAbsent(point.id(), classes::of);
        }

        private Optional<String> reason(Snapshot point, String name) {
            Optional<Term> term = core.context().terms().of(name);
            if (term.isEmpty()) {
                return Optional.of("it holds data of retention class " + name + ", which the policy does not know");
            }
            Instant end = term.get().end(point.time());
            if (!now.isBefore(end)) {
                return Optional.empty();
            }
            Thinned thinned = term.get().thinned();
            if (!thinned.isThinned()) {
                return Optional.of("retention class " + name + " keeps it until " + end);
            }
            var group = new Group(point.host(), point.source(), name);
            return chosen.computeIfAbsent(group, each -> chosen(each, term.get()))
                            .contains(point.id())
                    ? Optional.of("retention class " + name + " keeps it as the newest of a period, until " + end
                            + " at most")
                    : Optional.empty();
        }

        private Set<String> chosen(Group group, Term term) {
            List<Snapshot> points = all.values().stream()
                    .filter(each -> !each.holdsLog()
                            && each.host().equals(group.host())
                            && each.source().equals(group.source())
                            && now.isBefore(term.end(each.time())))
                    // Of which nobody can read what it holds, it is not the one that is kept for others.
                    .filter(each -> classes(each)
                            .map(names -> names.contains(group.retentionClass()))
                            .orElse(false))
                    .toList();
            Thinned thinned = term.thinned();
            var rules = new RetentionRules(
                    0, thinned.daily(), thinned.weekly(), thinned.monthly(), thinned.yearly(), Duration.ZERO);
            return points.isEmpty() ? Set.of() : Retention.kept(points, rules, basis);
        }
    }
}
