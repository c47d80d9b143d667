/** Retention locks: set with the bytes, made to last by generation, and reported. */
@NullMarked
package org.medbackup.engine.internal.lock;

import org.jspecify.annotations.NullMarked;
