/** Finding what has changed: the walk over a source and the memory of the last one. */
@NullMarked
package org.medbackup.engine.internal.scan;

import org.jspecify.annotations.NullMarked;
