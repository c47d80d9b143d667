/** The port to other programs. */
@NullMarked
package org.medbackup.core.process;

import org.jspecify.annotations.NullMarked;
