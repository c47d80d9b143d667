/** Predicts restores from their plan and from what this machine shows it can do. */
@NullMarked
package org.medbackup.recovery;

import org.jspecify.annotations.NullMarked;
