/** What is said by syslog, and how it is handed over. */
@NullMarked
package org.medbackup.core.syslog;

import org.jspecify.annotations.NullMarked;
