/** What the audit trail shows of each kind of evidence that a compliance report asks for. */
@NullMarked
package org.medbackup.service.compliance;

import org.jspecify.annotations.NullMarked;
