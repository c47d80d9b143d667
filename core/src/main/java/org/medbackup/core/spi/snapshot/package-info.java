/** The port to snapshots of file systems and volumes, which freeze data for a copy without freezing the application. */
@NullMarked
package org.medbackup.core.spi.snapshot;

import org.jspecify.annotations.NullMarked;
