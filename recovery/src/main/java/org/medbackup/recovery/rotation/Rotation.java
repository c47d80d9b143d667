package org.medbackup.recovery.rotation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.medbackup.recovery.plan.PlannedApplication;
import org.medbackup.recovery.plan.RecoveryPlan;

/**
 * Takes turns among the applications of a plan, so that each is rehearsed within a period although no single drill may take as
 * long as all of them do. What an application needs comes along with it.
 *
 * <p>The applications are parted into as few drills as may be, and the drill of which a member was not rehearsed for the longest
 * goes first. So it comes again after as many turns as there are drills; and none is rehearsed sooner than it has to be for
 * that. Immutable; the same plan and knowledge give the same turn.
 */
public final class Rotation {

    private final List<PlannedApplication> order;
    private final Map<String, Tested> tested;
    private final Bounds bounds;
    private final Map<String, Set<String>> closures = new LinkedHashMap<>();
    private final Set<String> tooLong = new LinkedHashSet<>();
    private final List<Group> groups = new ArrayList<>();

    /** What is rehearsed together. */
    private record Group(Set<String> members, boolean partial) {}

    /**
     * One.
     *
     * @param plan with the applications
     * @param tested what is known of their drills, by name; nothing is of those that are not in it
     * @param bounds that are kept
     */
    public Rotation(RecoveryPlan plan, Map<String, Tested> tested, Bounds bounds) {
        this.order = plan.order();
        this.tested = Map.copyOf(tested);
        this.bounds = bounds;
        order.forEach(each -> closures.put(each.name(), closure(each)));
        part();
    }

    /** In the order of the plan what it needs stands before it. */
    private Set<String> closure(PlannedApplication application) {
        Set<String> closure = new LinkedHashSet<>();
        application.after().keySet().forEach(each -> closure.addAll(needs(each)));
        closure.add(application.name());
        return closure;
    }

    private Set<String> needs(String application) {
        return Objects.requireNonNull(closures.get(application), "what is needed stands before");
    }

    private Tested of(String application) {
        return tested.getOrDefault(application, Tested.NEVER);
    }

    private boolean isUnknown(String application) {
        return of(application).took() == null;
    }

    private Duration cost(Collection<String> applications) {
        return applications.stream()
                .map(each -> Objects.requireNonNullElse(of(each).took(), Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private boolean fits(Collection<String> applications) {
        return bounds.longest().isZero() || cost(applications).compareTo(bounds.longest()) <= 0;
    }

    private void part() {
        if (bounds.longest().isZero()) {
            groups.add(new Group(new LinkedHashSet<>(closures.keySet()), false));
            return;
        }
        List<Set<String>> alone = new ArrayList<>();
        List<Set<String>> known = new ArrayList<>();
        closures.forEach((name, closure) -> {
            if (!fits(closure)) {
                tooLong.add(name);
            } else if (closure.stream().anyMatch(this::isUnknown)) {
                // How long it takes is learned by itself, so that it takes no other with it over the limit.
                alone.add(closure);
            } else {
                known.add(closure);
            }
        });
        outermost(alone).forEach(each -> groups.add(new Group(each, false)));
        new Packing(this::cost, bounds.longest())
                .pack(outermost(known))
                .forEach(each -> groups.add(new Group(each, false)));
        if (bounds.share() > 0) {
            tooLong.forEach(each -> groups.add(new Group(needs(each), true)));
        }
    }

    /** Those that do not come along with another one anyway. */
    private static List<Set<String>> outermost(List<Set<String>> sets) {
        return sets.stream()
                .filter(each -> sets.stream().noneMatch(other -> other.size() > each.size() && other.containsAll(each)))
                .toList();
    }

    /** Applications that cannot be rehearsed whole within the time that a drill may take. */
    public Set<String> tooLong() {
        return Set.copyOf(tooLong);
    }

    /** In how many turns all are rehearsed that can be. */
    public int turns() {
        return groups.size();
    }

    /** Whether each application is rehearsed whole within the period, where no turn is left out. */
    public boolean isPossible() {
        return tooLong.isEmpty() && bounds.cadence().multipliedBy(groups.size()).compareTo(bounds.period()) <= 0;
    }

    /** What the drill at an instant takes. */
    public Turn turn(Instant now) {
        // As late as it may be, if all the others have to go before.
        Instant wanted = now.minus(bounds.period()).plus(bounds.cadence().multipliedBy(groups.size()));
        return groups.stream()
                .filter(group -> group.members().stream().anyMatch(each -> isWanted(each, group.partial(), wanted)))
                .min(Comparator.comparing(this::urgency, Urgency.ORDER))
                .map(group -> group.partial() ? partial(group) : whole(group, wanted))
                .orElse(Turn.NONE);
    }

    /** How long something has not been rehearsed, and how critical it is. */
    private record Urgency(Instant last, int criticality) {
        static final Comparator<Urgency> ORDER =
                Comparator.comparing(Urgency::last).thenComparingInt(Urgency::criticality);
    }

    private Urgency urgency(Group group) {
        return order.stream()
                .filter(each -> counts(each.name(), group))
                .map(each -> new Urgency(last(each.name(), group.partial()), each.criticality()))
                .min(Urgency.ORDER)
                .orElseThrow(() -> new IllegalStateException("no group is empty"));
    }

    /** A sample of what an application needs does not stand for the rehearsal that this has by itself. */
    private boolean counts(String application, Group group) {
        return group.members().contains(application) && (!group.partial() || tooLong.contains(application));
    }

    private Instant last(String application, boolean partial) {
        Tested known = of(application);
        Instant last = later(known.whole(), partial ? known.partial() : null);
        return last == null ? Instant.MIN : last;
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isAfter(other) ? one : other;
    }

    private boolean isWanted(String application, boolean partial, Instant wanted) {
        return tooLong.contains(application) == partial
                && !last(application, partial).isAfter(wanted);
    }

    private Turn partial(Group group) {
        long millis = (long) (cost(group.members()).toMillis() * bounds.share());
        return new Turn(inOrder(group.members()::contains), true, Duration.ofMillis(millis));
    }

    /** A group, and in the time that is left others whose time has come too, the most urgent first. */
    private Turn whole(Group group, Instant wanted) {
        Set<String> members = new HashSet<>(group.members());
        if (members.stream().noneMatch(this::isUnknown)) {
            List<PlannedApplication> others = new ArrayList<>(order);
            others.sort(Comparator.comparing(
                    each -> new Urgency(last(each.name(), false), each.criticality()), Urgency.ORDER));
            for (PlannedApplication each : others) {
                Set<String> more = new HashSet<>(members);
                more.addAll(needs(each.name()));
                if (isWanted(each.name(), false, wanted) && more.stream().noneMatch(this::isUnknown) && fits(more)) {
                    members = more;
                }
            }
        }
        return new Turn(inOrder(members::contains), false, cost(members));
    }

    private List<String> inOrder(Predicate<String> taken) {
        return order.stream().map(PlannedApplication::name).filter(taken).toList();
    }
}
