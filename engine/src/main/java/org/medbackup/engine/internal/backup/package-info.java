/** The writing path: read, cut, name, compress, seal, pack, store. */
@NullMarked
package org.medbackup.engine.internal.backup;

import org.jspecify.annotations.NullMarked;
