/** Making and opening repositories. */
@NullMarked
package org.medbackup.engine.internal.open;

import org.jspecify.annotations.NullMarked;
