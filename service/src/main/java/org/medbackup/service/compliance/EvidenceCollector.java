package org.medbackup.service.compliance;

import java.util.List;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;

/** Collects evidence of one kind from the entries of a trail, which it sees once each and in order. For one thread. */
public interface EvidenceCollector {

    /**
     * Sees an entry.
     *
     * @param ofPeriod whether it belongs to the period; earlier ones are seen too, later ones are not
     */
    default void see(AuditEntry entry, boolean ofPeriod) {}

    /** What follows from what it has seen, as one measure or as several kinds. */
    List<Measure> measures(Scope scope);

    /** What a section of the report shows of it; called after {@link #measures}. */
    default List<Section.Table> tables(Scope scope) {
        return List.of();
    }
}
