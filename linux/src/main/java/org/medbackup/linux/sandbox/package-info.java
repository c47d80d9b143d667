/** Sandboxes in which restored applications run, out of reach of everything else. */
@NullMarked
package org.medbackup.linux.sandbox;

import org.jspecify.annotations.NullMarked;
