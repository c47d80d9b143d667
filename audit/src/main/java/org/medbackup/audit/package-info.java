/** The audit trail as an event sink, its verification, its entries and its proofs. */
@NullMarked
package org.medbackup.audit;

import org.jspecify.annotations.NullMarked;
