/** Who holds which keys, and how they are kept. */
@NullMarked
package org.medbackup.engine.internal.keys;

import org.jspecify.annotations.NullMarked;
