/** What the channels for notifications share. */
@NullMarked
package org.medbackup.notify.common;

import org.jspecify.annotations.NullMarked;
