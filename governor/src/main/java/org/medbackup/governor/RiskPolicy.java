package org.medbackup.governor;

/** What comes first where a backup does not end in time without disturbing production. */
public enum RiskPolicy {
    /** Production: the backup ends late. */
    PROTECT_PRODUCTION,
    /** The recovery point objective: the backup gets the rate that it needs, within its limits. */
    PROTECT_RPO
}
