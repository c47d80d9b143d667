/**
 * Checks that a build may pass: coverage, requirements, and the results that are kept in the project.
 *
 * <p>{@link org.medbackup.testreport.gate.Gates} is the one command; each gate prints what is wrong and how to mend it.
 */
@NullMarked
package org.medbackup.testreport.gate;

import org.jspecify.annotations.NullMarked;
