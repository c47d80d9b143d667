/** Compliance reports: controls as data, claims with their proofs, and the same report for machines and for people. */
@NullMarked
package org.medbackup.audit.report;

import org.jspecify.annotations.NullMarked;
