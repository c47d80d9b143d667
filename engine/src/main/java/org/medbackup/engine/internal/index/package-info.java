/** Where chunks are: immutable sorted segments, read by memory mapping. */
@NullMarked
package org.medbackup.engine.internal.index;

import org.jspecify.annotations.NullMarked;
