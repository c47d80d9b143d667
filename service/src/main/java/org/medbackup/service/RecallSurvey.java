package org.medbackup.service;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore.Recall;
import org.medbackup.core.spi.store.ObjectStore.Recall.Speed;
import org.medbackup.core.spi.store.ObjectStore.Recall.Terms;
import org.medbackup.service.RecallPlan.Share;

/** Looks at the packs of a restore, and makes a plan of what it saw. */
final class RecallSurvey {

    /** In the order of what they cost everywhere. */
    private static final List<Speed> CHEAPEST_FIRST = List.of(Speed.BULK, Speed.STANDARD, Speed.EXPEDITED);

    private final String snapshot;
    private final Deque<ObjectName> coming = new ArrayDeque<>();
    private final Deque<ObjectName> cold = new ArrayDeque<>();
    private final Map<Terms, Group> groups = new HashMap<>();
    private Share readable = Share.NONE;

    private RecallSurvey(String snapshot) {
        this.snapshot = snapshot;
    }

    /** Packs of the same terms that cannot be read. */
    private static final class Group {
        private Share coming = Share.NONE;
        private Share cold = Share.NONE;
    }

    /** Looks at packs where they may lie cold. */
    static RecallSurvey of(String snapshot, List<ObjectInfo> packs, Recall recall) {
        var survey = new RecallSurvey(snapshot);
        for (ObjectInfo each : packs) {
            survey.add(each, recall);
        }
        return survey;
    }

    /** Of packs where nothing is ever cold. */
    static RecallSurvey atHand(String snapshot, List<ObjectInfo> packs) {
        var survey = new RecallSurvey(snapshot);
        packs.forEach(each -> survey.readable = survey.readable.and(each));
        return survey;
    }

    private void add(ObjectInfo pack, Recall recall) {
        switch (recall.readiness(pack.name())) {
            case READABLE -> readable = readable.and(pack);
            case COMING -> {
                Group group = group(pack, recall);
                group.coming = group.coming.and(pack);
                coming.add(pack.name());
            }
            case COLD -> {
                Group group = group(pack, recall);
                group.cold = group.cold.and(pack);
                cold.add(pack.name());
            }
        }
    }

    private Group group(ObjectInfo pack, Recall recall) {
        return groups.computeIfAbsent(recall.terms(pack.name()), terms -> new Group());
    }

    /** Packs that were asked for. */
    Deque<ObjectName> coming() {
        return coming;
    }

    /** Packs that have to be asked for. */
    Deque<ObjectName> cold() {
        return cold;
    }

    /** What it takes to bring them back as an order says. */
    RecallPlan plan(RecallOrder order, RecallPricing pricing) {
        Share allComing = Share.NONE;
        Share allCold = Share.NONE;
        for (Group each : groups.values()) {
            allComing = allComing.and(each.coming);
            allCold = allCold.and(each.cold);
        }
        int batches = Math.ceilDiv(coming.size() + cold.size(), order.atOnce());
        List<RecallSpeed> speeds = speeds(batches, pricing);
        return new RecallPlan(
                snapshot,
                readable,
                allComing,
                allCold,
                batches,
                speeds,
                chosen(order, speeds),
                cost(pricing).orElse(null),
                pricing.limit().orElse(null));
    }

    private List<RecallSpeed> speeds(int batches, RecallPricing pricing) {
        if (batches == 0) {
            return List.of();
        }
        Set<Speed> known = EnumSet.allOf(Speed.class);
        groups.keySet().forEach(terms -> known.retainAll(terms.speeds()));
        return CHEAPEST_FIRST.stream()
                .filter(known::contains)
                .map(each -> new RecallSpeed(each, longest(each, batches, pricing)))
                .toList();
    }

    private @Nullable Duration longest(Speed speed, int batches, RecallPricing pricing) {
        Duration longest = Duration.ZERO;
        for (Terms each : groups.keySet()) {
            Optional<Duration> one = pricing.longest(each, speed);
            if (one.isEmpty()) {
                return null;
            }
            longest = one.get().compareTo(longest) > 0 ? one.get() : longest;
        }
        return longest.multipliedBy(batches);
    }

    private static @Nullable RecallSpeed chosen(RecallOrder order, List<RecallSpeed> speeds) {
        Duration deadline = order.deadline();
        return speeds.stream()
                .filter(each -> order.speed() == null
                        ? deadline == null || each.meets(deadline)
                        : each.speed() == order.speed())
                .findFirst()
                .orElse(null);
    }

    private Optional<RecallCost> cost(RecallPricing pricing) {
        RecallCost sum = RecallCost.NOTHING;
        for (Map.Entry<Terms, Group> each : groups.entrySet()) {
            Optional<RecallCost> one = pricing.cost(each.getKey(), each.getValue().cold, each.getValue().coming);
            if (one.isEmpty()) {
                return Optional.empty();
            }
            sum = sum.and(one.get());
        }
        return Optional.of(sum);
    }
}
