/** One class a command; no command has logic of its own. */
@NullMarked
package org.medbackup.cli;

import org.jspecify.annotations.NullMarked;
