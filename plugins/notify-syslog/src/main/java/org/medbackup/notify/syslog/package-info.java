/** Notifications by syslog. */
@NullMarked
package org.medbackup.notify.syslog;

import org.jspecify.annotations.NullMarked;
