/** Hash trees of RFC 9162, section 2.1: growing one, proofs from one, and checking such proofs. */
@NullMarked
package org.medbackup.audit.merkle;

import org.jspecify.annotations.NullMarked;
