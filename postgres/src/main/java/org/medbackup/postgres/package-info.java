/** Installations and servers of PostgreSQL on this machine. */
@NullMarked
package org.medbackup.postgres;

import org.jspecify.annotations.NullMarked;
