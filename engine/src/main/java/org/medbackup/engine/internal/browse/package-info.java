/** Looking into restore points without restoring them. */
@NullMarked
package org.medbackup.engine.internal.browse;

import org.jspecify.annotations.NullMarked;
