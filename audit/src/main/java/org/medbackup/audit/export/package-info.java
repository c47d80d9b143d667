/** Entries of the audit trail in the formats that others read. */
@NullMarked
package org.medbackup.audit.export;

import org.jspecify.annotations.NullMarked;
