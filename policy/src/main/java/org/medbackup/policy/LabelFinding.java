package org.medbackup.policy;

/**
 * That a file has a label.
 *
 * @param label that it has
 * @param confidence how sure that is, above 0 and at most 1
 * @param reason why
 */
public record LabelFinding(Label label, double confidence, Reason reason) {

    public LabelFinding {
        if (!(confidence > 0 && confidence <= 1)) {
            throw new IllegalArgumentException("a confidence is above 0 and at most 1");
        }
    }
}
