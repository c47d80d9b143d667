package org.medbackup.service;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.medbackup.recovery.plan.Need;
import org.medbackup.recovery.plan.PlannedApplication;
import org.medbackup.recovery.plan.RecoveryPlan;

/**
 * Which application of a plan is next, as the prediction has it: none before what it needs, no more at a time than the envelope says,
 * the first in the plan's order of those that could be. One keeps its place until its last stage has ended. Safe for use by several
 * threads.
 */
final class DrillSequence {

    private final int places;
    private final List<PlannedApplication> waiting;
    private final Map<Need, Set<String>> reached = new EnumMap<>(Need.class);
    private final Set<String> ended = new HashSet<>();
    private final List<String> notBegun = new ArrayList<>();
    private int running;
    private boolean over;

    DrillSequence(RecoveryPlan plan) {
        this.places = plan.envelope().parallel();
        this.waiting = new ArrayList<>(plan.order());
        for (Need each : Need.values()) {
            reached.put(each, new HashSet<>());
        }
    }

    /** Waits for the next one that is to be begun; empty where no more is. */
    synchronized Optional<String> next() throws InterruptedException {
        while (true) {
            giveUp();
            if (over || waiting.isEmpty()) {
                return Optional.empty();
            }
            Optional<PlannedApplication> next = running == places
                    ? Optional.empty()
                    : waiting.stream().filter(this::isReady).findFirst();
            if (next.isPresent()) {
                waiting.remove(next.get());
                running++;
                return next.map(PlannedApplication::name);
            }
            wait();
        }
    }

    private boolean isReady(PlannedApplication application) {
        return application.after().entrySet().stream().allMatch(each -> has(each.getKey(), each.getValue()));
    }

    private boolean has(String application, Need need) {
        return reached.getOrDefault(need, Set.of()).contains(application);
    }

    /** What needs something that will not come any more is not begun, nor what needs that. */
    private void giveUp() {
        List<PlannedApplication> hopeless;
        do {
            hopeless = waiting.stream()
                    .filter(each -> each.after().entrySet().stream()
                            .anyMatch(need -> ended.contains(need.getKey()) && !has(need.getKey(), need.getValue())))
                    .toList();
            for (PlannedApplication each : hopeless) {
                waiting.remove(each);
                ended.add(each.name());
                notBegun.add(each.name());
            }
        } while (!hopeless.isEmpty());
    }

    /** One runs and answers. */
    synchronized void ready(String application) {
        for (Need need : List.of(Need.STARTED, Need.READY)) {
            reached.computeIfAbsent(need, each -> new HashSet<>()).add(application);
        }
        notifyAll();
    }

    /** The last stage of one has ended. */
    synchronized void ended(String application, boolean verified) {
        running--;
        ended.add(application);
        if (verified) {
            reached.computeIfAbsent(Need.VERIFIED, each -> new HashSet<>()).add(application);
        }
        notifyAll();
    }

    /** Nothing is begun any more. */
    synchronized void stop() {
        over = true;
        notifyAll();
    }

    /** Those that were given up, in their order. */
    synchronized List<String> notBegun() {
        return List.copyOf(notBegun);
    }
}
