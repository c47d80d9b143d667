/** Trees of names and attributes as pages, and beside them which chunks they need. */
@NullMarked
package org.medbackup.engine.internal.tree;

import org.jspecify.annotations.NullMarked;
