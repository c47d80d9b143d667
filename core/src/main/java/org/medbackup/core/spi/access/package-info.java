/** Who may give up what protects restore points: asked by whoever is about to do it, answered by whoever knows the rules. */
@NullMarked
package org.medbackup.core.spi.access;

import org.jspecify.annotations.NullMarked;
