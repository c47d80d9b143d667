/** Notifications by mail. */
@NullMarked
package org.medbackup.notify.smtp;

import org.jspecify.annotations.NullMarked;
