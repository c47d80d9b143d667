package org.medbackup.policy;

/** What a file holds, as far as its treatment depends on it. */
public enum Label {
    /** Protected health information, or content into which nobody can look. */
    PHI(Sensitivity.PHI),
    /** Of a patient who was under 18 when the file was written; states demand that such records are kept longer. */
    MINOR(Sensitivity.PHI),
    /** Notes of psychotherapy, kept apart from the chart (45 CFR 164.501). */
    PSYCHOTHERAPY(Sensitivity.PHI_RESTRICTED),
    /** Records of a programme for substance use disorders (42 CFR Part 2). */
    PART2(Sensitivity.PHI_RESTRICTED),
    /** Data of a study, without identities. */
    RESEARCH(Sensitivity.CONFIDENTIAL),
    /** Published by somebody for everybody, such as definitions of a standard. */
    PUBLIC(Sensitivity.PUBLIC);

    private final Sensitivity sensitivity;

    Label(Sensitivity sensitivity) {
        this.sensitivity = sensitivity;
    }

    /** How sensitive what bears it is at least. */
    public Sensitivity sensitivity() {
        return sensitivity;
    }
}
