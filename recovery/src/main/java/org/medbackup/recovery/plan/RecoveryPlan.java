package org.medbackup.recovery.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.medbackup.core.error.ErrorCode;

/**
 * A plan of recovery: applications with what they need of each other, by when each has to be back, and what may be used for it.
 * It is whole: what contradicts in it was found when it was read. Immutable.
 */
public final class RecoveryPlan {

    private final String name;
    private final String digest;
    private final Envelope envelope;
    private final SequencedMap<String, PlannedApplication> applications;

    RecoveryPlan(String name, String digest, Envelope envelope, SequencedMap<String, PlannedApplication> applications) {
        this.name = name;
        this.digest = digest;
        this.envelope = envelope;
        this.applications = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(applications));
    }

    /**
     * Reads a plan.
     *
     * @param text YAML
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#PLAN_INVALID} naming the first fault
     */
    public static RecoveryPlan parse(String text) {
        PlanDocument document = PlanDocument.read(text);
        return document.plan()
                .orElseThrow(() -> ErrorCode.PLAN_INVALID.because(
                        document.faults().getFirst().text()));
    }

    /** Everything that is wrong with a plan, in the order of its lines; empty where it can be used. */
    public static List<PlanFault> check(String text) {
        return PlanDocument.read(text).faults();
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** SHA-256 of what it says, 64 hexadecimal digits: by it a prediction and a drill name the plan they were made for. */
    public String digest() {
        return digest;
    }

    /** What may be used. */
    public Envelope envelope() {
        return envelope;
    }

    /** The same plan where something else may be used. */
    public RecoveryPlan within(Envelope other) {
        return new RecoveryPlan(name, digest, other, applications);
    }

    /** Its applications by name, in the order of the plan. */
    public SequencedMap<String, PlannedApplication> applications() {
        return applications;
    }

    /**
     * The same plan with some of its applications, and with what they need. It keeps the digest of the whole.
     *
     * @param names of applications of the plan
     */
    public RecoveryPlan only(Collection<String> names) {
        Set<String> kept = new HashSet<>(names);
        // What is needed stands before what needs it.
        for (PlannedApplication each : order().reversed()) {
            if (kept.contains(each.name())) {
                kept.addAll(each.after().keySet());
            }
        }
        SequencedMap<String, PlannedApplication> some = new LinkedHashMap<>(applications);
        some.keySet().retainAll(kept);
        return new RecoveryPlan(name, digest, envelope, some);
    }

    /**
     * An order in which all can be recovered one after the other: none before what it needs, and of those that could be next the
     * most critical one, then the one that has to be back the soonest, then the one that stands first in the plan.
     */
    public List<PlannedApplication> order() {
        List<PlannedApplication> order = new ArrayList<>();
        Set<String> done = new HashSet<>();
        while (order.size() < applications.size()) {
            PlannedApplication next = applications.values().stream()
                    .filter(each -> !done.contains(each.name())
                            && done.containsAll(each.after().keySet()))
                    .min(Priority.ORDER)
                    .orElseThrow(() -> new IllegalStateException("a plan that was read has no cycle"));
            order.add(next);
            done.add(next.name());
        }
        return List.copyOf(order);
    }
}
