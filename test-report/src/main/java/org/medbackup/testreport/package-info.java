/**
 * Writes one report over the tests of all modules of a build, in the schema of pytest-json-report.
 *
 * <p>{@link org.medbackup.testreport.JsonReportListener} hears what the JUnit platform runs, and
 * {@link org.medbackup.testreport.PhaseTimer} tells set-up, call and tear-down of one test apart. Each JVM appends to a
 * part file of its own; the parts of one build are merged into {@code target/test-report/report.json}.
 */
@NullMarked
package org.medbackup.testreport;

import org.jspecify.annotations.NullMarked;
