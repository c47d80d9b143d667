package org.medbackup.policy;

import java.util.List;
import java.util.Optional;

/**
 * What a file is.
 *
 * @param kind by its content
 * @param sensitivity the highest of its labels; {@link Sensitivity#INTERNAL} where it has none
 * @param findings its labels, each at most once, with why it has them
 */
public record Classification(DataKind kind, Sensitivity sensitivity, List<LabelFinding> findings) {

    public Classification {
        findings = List.copyOf(findings);
    }

    /** One whose sensitivity follows from its labels. */
    public static Classification of(DataKind kind, List<LabelFinding> findings) {
        Sensitivity highest = findings.stream()
                .map(each -> each.label().sensitivity())
                .reduce(Sensitivity::or)
                .orElse(Sensitivity.INTERNAL);
        return new Classification(kind, highest, findings);
    }

    /** Whether it has a label. */
    public boolean has(Label label) {
        return finding(label).isPresent();
    }

    /** Why it has a label; empty where it has not. */
    public Optional<LabelFinding> finding(Label label) {
        return findings.stream().filter(each -> each.label() == label).findFirst();
    }
}
