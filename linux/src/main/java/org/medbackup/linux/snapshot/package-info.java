/**
 * Snapshots of file systems and volumes, freezing of file systems. Begin with
 * {@link org.medbackup.linux.snapshot.LinuxSnapshots}.
 */
@NullMarked
package org.medbackup.linux.snapshot;

import org.jspecify.annotations.NullMarked;
