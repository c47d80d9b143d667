package org.medbackup.audit.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.medbackup.audit.report.Control.Need;

/**
 * What follows for the controls of a profile from what was measured and what the site states. Measures of kinds that nobody
 * has measured are not assessed.
 *
 * @param controls each with its outcome
 */
public record Assessment(List<Outcome> controls) {

    public Assessment {
        controls = List.copyOf(controls);
    }

    /**
     * What is known of a control.
     *
     * @param measures of the kinds that it asks for
     * @param alternative what is done instead; empty where none counts
     * @param waivers of it that the site states
     */
    public record Outcome(
            Control control,
            ControlStatus status,
            List<Measure> measures,
            Optional<Statements.Alternative> alternative,
            List<Statements.Waiver> waivers) {
        public Outcome {
            measures = List.copyOf(measures);
            waivers = List.copyOf(waivers);
        }
    }

    /**
     * Assesses a profile.
     *
     * @param measures by kind
     * @param basis whose statements are on record, where there are any
     */
    public static Assessment of(Profile profile, Map<String, Measure> measures, Statements statements, Basis basis) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Control control : profile.controls()) {
            List<Measure> asked = control.evidence().stream()
                    .map(kind -> Optional.ofNullable(measures.get(kind))
                            .orElseGet(
                                    () -> Measure.notAssessed(kind, "", "MedBackup keeps no records of this kind yet")))
                    .toList();
            ControlStatus status =
                    ControlStatus.of(asked.stream().map(Measure::status).toList(), control.part());
            Optional<Statements.Alternative> alternative = alternative(control, status, statements, basis);
            outcomes.add(new Outcome(
                    control,
                    alternative.isPresent() ? ControlStatus.ADDRESSABLE_ALTERNATIVE : status,
                    asked,
                    alternative,
                    statements.waivers().stream()
                            .filter(each -> each.control().equals(control.id()))
                            .toList()));
        }
        return new Assessment(outcomes);
    }

    private static Optional<Statements.Alternative> alternative(
            Control control, ControlStatus status, Statements statements, Basis basis) {
        boolean open = status == ControlStatus.NOT_MET
                || status == ControlStatus.NOT_ASSESSED
                || status == ControlStatus.PARTIAL;
        // What is not on record is not documented.
        if (control.need() != Need.ADDRESSABLE || !open || basis.stated() < 0) {
            return Optional.empty();
        }
        return statements.alternatives().stream()
                .filter(each -> each.control().equals(control.id()) && each.holds(basis.end()))
                .findFirst();
    }

    /** How many controls have each status; all of them are named. */
    public Map<ControlStatus, Long> counts() {
        var counts = new LinkedHashMap<ControlStatus, Long>();
        for (ControlStatus status : ControlStatus.values()) {
            counts.put(
                    status,
                    controls.stream().filter(each -> each.status() == status).count());
        }
        return counts;
    }
}
