/** What a management tool may ask and tell ({@link org.medbackup.control.BackupControl}), and the same calls over HTTP. */
@NullMarked
package org.medbackup.control;

import org.jspecify.annotations.NullMarked;
