/** How long work takes that shares links, disks and processors. */
@NullMarked
package org.medbackup.recovery.simulate;

import org.jspecify.annotations.NullMarked;
