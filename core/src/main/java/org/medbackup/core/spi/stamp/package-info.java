/** How somebody else attests when something was there: the port of time-stamping services. */
@NullMarked
package org.medbackup.core.spi.stamp;

import org.jspecify.annotations.NullMarked;
