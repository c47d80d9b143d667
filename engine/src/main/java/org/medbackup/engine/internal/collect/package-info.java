/** Garbage: what no restore point needs, found and taken away while backups and restores go on. */
@NullMarked
package org.medbackup.engine.internal.collect;

import org.jspecify.annotations.NullMarked;
