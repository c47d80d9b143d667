/** Proving that what is stored can be restored. */
@NullMarked
package org.medbackup.engine.internal.verify;

import org.jspecify.annotations.NullMarked;
