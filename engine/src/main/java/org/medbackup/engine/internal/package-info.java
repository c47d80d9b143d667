/** What the engine's parts share. */
@NullMarked
package org.medbackup.engine.internal;

import org.jspecify.annotations.NullMarked;
