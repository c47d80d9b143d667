/**
 * System calls of Linux, with file names as bytes. Calls fail with {@link org.medbackup.linux.LinuxException}, which
 * carries the errno.
 */
@NullMarked
package org.medbackup.linux;

import org.jspecify.annotations.NullMarked;
