package org.medbackup.service;

import java.nio.file.Path;
import java.util.List;
import org.medbackup.audit.report.ControlStatus;
import org.medbackup.documents.JsonValue.Members;

/**
 * A compliance report that was made.
 *
 * @param document what it says
 * @param files of it, the JSON document first
 */
public record ReportMade(Members document, List<Path> files) {

    public ReportMade {
        files = List.copyOf(files);
    }

    /** How many controls have a status. */
    public long count(ControlStatus status) {
        return document.members("summary").whole(status.name());
    }
}
