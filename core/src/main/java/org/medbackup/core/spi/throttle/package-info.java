/** The port to the resource governor: every use of a resource asks at its door. */
@NullMarked
package org.medbackup.core.spi.throttle;

import org.jspecify.annotations.NullMarked;
