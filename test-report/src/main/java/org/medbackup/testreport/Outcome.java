package org.medbackup.testreport;

import java.util.Locale;

/** How a test, or one phase of it, ended. */
enum Outcome {
    PASSED,
    FAILED,
    ERROR,
    SKIPPED;

    /** The word for it in the report. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
