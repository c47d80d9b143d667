package org.medbackup.policy;

/** How much harm the disclosure of a file does; later ones more than earlier ones. */
public enum Sensitivity {
    /** Everybody may read it. */
    PUBLIC,
    /** Of the house, without harm for anybody. */
    INTERNAL,
    /** Harms the house or its staff. */
    CONFIDENTIAL,
    /** Protected health information (45 CFR 160.103), or what may hold it. */
    PHI,
    /** Psychotherapy notes (45 CFR 164.501) and records of 42 CFR Part 2, which need more than the rest of a chart. */
    PHI_RESTRICTED;

    /** The higher of both. */
    public Sensitivity or(Sensitivity other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
