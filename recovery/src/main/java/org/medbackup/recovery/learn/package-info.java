/** What drills teach of how predictions come out. */
@NullMarked
package org.medbackup.recovery.learn;

import org.jspecify.annotations.NullMarked;
