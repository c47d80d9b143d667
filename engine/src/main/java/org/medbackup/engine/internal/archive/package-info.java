/** What this machine remembers of log files that it has stored. */
@NullMarked
package org.medbackup.engine.internal.archive;

import org.jspecify.annotations.NullMarked;
