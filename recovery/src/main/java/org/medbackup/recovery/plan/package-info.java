/** Plans of recovery: what is brought back, in which order, by when, and how long that takes on shared resources. */
@NullMarked
package org.medbackup.recovery.plan;

import org.jspecify.annotations.NullMarked;
