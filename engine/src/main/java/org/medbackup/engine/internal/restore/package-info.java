/** The way back: plan by pack, fetch, open, write, attributes. */
@NullMarked
package org.medbackup.engine.internal.restore;

import org.jspecify.annotations.NullMarked;
