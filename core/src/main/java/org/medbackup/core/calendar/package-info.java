/** Business calendars: holidays and windows of time on the clock of a place. */
@NullMarked
package org.medbackup.core.calendar;

import org.jspecify.annotations.NullMarked;
