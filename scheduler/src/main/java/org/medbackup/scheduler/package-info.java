/** When each job runs: rules, plans, the watch over recovery points, and the scheduler that joins them with the state. */
@NullMarked
package org.medbackup.scheduler;

import org.jspecify.annotations.NullMarked;
