/** Signatures that persons make, with keys of their own. */
@NullMarked
package org.medbackup.core.sign;

import org.jspecify.annotations.NullMarked;
