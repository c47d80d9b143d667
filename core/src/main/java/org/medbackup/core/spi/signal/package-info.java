/** The port to what tells how production is doing: a time, a share, an age, read again and again while a backup runs. */
@NullMarked
package org.medbackup.core.spi.signal;

import org.jspecify.annotations.NullMarked;
