package org.medbackup.service;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.report.Period;

/**
 * A compliance report that somebody wants.
 *
 * @param profile name of the set of controls
 * @param period that it is about
 * @param output folder for its files
 * @param statements file with what the site states; null for that of the configuration, where it names one
 * @param at as the trail was when it had so many entries; negative for as it is
 */
public record ReportOrder(
        String profile,
        Period period,
        Path output,
        @Nullable Path statements,
        long at) {

    /** One of the trail as it is, with the statements of the configuration. */
    public ReportOrder(String profile, Period period, Path output) {
        this(profile, period, output, null, -1);
    }
}
