/**
 * Consistent backups of applications. Begin with {@link org.medbackup.apps.ConsistentBackup}.
 *
 * <p>What freezes is thawed by three independent layers. This package holds the innermost, the lease within this process;
 * {@link org.medbackup.apps.FreezeWitness} is where a journal and a watchdog process join.
 */
@NullMarked
package org.medbackup.apps;

import org.jspecify.annotations.NullMarked;
