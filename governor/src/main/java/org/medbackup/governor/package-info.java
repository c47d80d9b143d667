/** Limits of what backups use: processor, memory, disks and networks. */
@NullMarked
package org.medbackup.governor;

import org.jspecify.annotations.NullMarked;
