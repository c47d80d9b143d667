/** The ledgers behind the governor, and who of those who wait comes next. */
@NullMarked
package org.medbackup.governor.internal;

import org.jspecify.annotations.NullMarked;
