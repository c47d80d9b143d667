/** Packs: many sealed chunks in one object. */
@NullMarked
package org.medbackup.engine.internal.pack;

import org.jspecify.annotations.NullMarked;
