/** Which applications of a plan a drill of the day takes, and from which restore points. Pure. */
@NullMarked
package org.medbackup.recovery.rotation;

import org.jspecify.annotations.NullMarked;
