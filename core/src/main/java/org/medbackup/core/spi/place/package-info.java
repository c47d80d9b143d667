/** The port to the policy: where a file's data goes. */
@NullMarked
package org.medbackup.core.spi.place;

import org.jspecify.annotations.NullMarked;
