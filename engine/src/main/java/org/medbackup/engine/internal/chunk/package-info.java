/** How data is cut, named and compressed. */
@NullMarked
package org.medbackup.engine.internal.chunk;

import org.jspecify.annotations.NullMarked;
