package org.medbackup.service;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.recovery.rotation.Tested;
import org.medbackup.scheduler.state.Drilled;
import org.medbackup.scheduler.state.Drilled.Outcome;
import org.medbackup.service.DrillResult.Check;
import org.medbackup.service.DrillResult.Recovered;

/** Makes what is remembered of drills from what they came to. */
final class DrillRecords {

    private DrillRecords() {}

    /** Of one that was carried out. */
    static List<Drilled> of(String drill, DrillChain chain) {
        List<Drilled> records = new ArrayList<>();
        for (DrillResult result : chain.drills()) {
            for (Recovered each : result.applications()) {
                records.add(new Drilled(
                        drill,
                        result.plan(),
                        each.name(),
                        result.began(),
                        outcome(each),
                        rule(result.choice()),
                        each.snapshot(),
                        result.choice().seed(),
                        result.choice().share(),
                        each.end().minus(each.begin()),
                        result.errorPercent()));
            }
        }
        return records;
    }

    private static Outcome outcome(Recovered each) {
        if (!each.checks().stream().allMatch(Check::ok)) {
            return Outcome.FAILED;
        }
        return each.isMet() ? Outcome.GOOD : Outcome.MISSED;
    }

    private static String rule(DrillOrder.Choice choice) {
        return choice.points().name().toLowerCase(Locale.ROOT);
    }

    /**
     * Of one that did not come to its end.
     *
     * @param turn what it was to rehearse
     * @param outcome {@link Outcome#FAILED}, {@link Outcome#TOO_LONG} or {@link Outcome#INCONCLUSIVE}
     * @param took until it ended
     */
    static List<Drilled> of(DrillTurn turn, Outcome outcome, Instant began, Duration took) {
        List<Drilled> records = new ArrayList<>();
        for (DrillTurn.Part part : turn.parts()) {
            for (String each : part.applications()) {
                records.add(new Drilled(
                        turn.drill().name(),
                        part.plan(),
                        each,
                        began,
                        outcome,
                        rule(part.order().choice()),
                        "",
                        part.order().choice().seed(),
                        part.order().choice().share(),
                        outcome == Outcome.TOO_LONG ? learned(part, each, took) : null,
                        null));
            }
        }
        return records;
    }

    /**
     * What is learned of how long applications take where they took too long together: where one of them had not been known, it is
     * its time; else all times were wrong, and each is learned anew by itself.
     */
    private static @Nullable Duration learned(DrillTurn.Part part, String application, Duration took) {
        Map<String, Tested> tested = part.tested();
        List<String> unknown = part.applications().stream()
                .filter(each -> tested.getOrDefault(each, Tested.NEVER).took() == null)
                .toList();
        if (unknown.isEmpty()) {
            return part.applications().size() == 1 ? took : null;
        }
        return application.equals(unknown.getLast())
                ? took
                : tested.getOrDefault(application, Tested.NEVER).took();
    }
}
