/** The evidence of a drill, for those who were not there. */
@NullMarked
package org.medbackup.recovery.evidence;

import org.jspecify.annotations.NullMarked;
