/**
 * The audit trail: who did what, when and why, in a Merkle log that nobody can change unnoticed.
 *
 * <p>Five rings, each of which sees those behind it: {@code audit.export} and {@code audit.report} tell entries in the formats of
 * others and make compliance reports, {@code audit} is the trail, {@code audit.files} its files, {@code audit.note} signs texts,
 * {@code audit.merkle} is RFC 9162.
 */
module org.medbackup.audit {
    requires transitive org.medbackup.core;
    requires transitive org.medbackup.documents;
    requires static transitive org.jspecify;

    exports org.medbackup.audit;
    exports org.medbackup.audit.export;
    exports org.medbackup.audit.merkle;
    exports org.medbackup.audit.report;
}
