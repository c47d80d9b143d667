/** A second copy of a restore point, without keys to data. */
@NullMarked
package org.medbackup.engine.internal.copy;

import org.jspecify.annotations.NullMarked;
