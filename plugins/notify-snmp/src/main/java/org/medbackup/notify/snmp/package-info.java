/** Notifications by SNMP. */
@NullMarked
package org.medbackup.notify.snmp;

import org.jspecify.annotations.NullMarked;
