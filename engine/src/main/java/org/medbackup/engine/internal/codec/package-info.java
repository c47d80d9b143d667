/** The byte forms that all objects are made of. */
@NullMarked
package org.medbackup.engine.internal.codec;

import org.jspecify.annotations.NullMarked;
