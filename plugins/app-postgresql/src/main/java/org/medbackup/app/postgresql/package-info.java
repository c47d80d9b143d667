/**
 * The adapter to PostgreSQL.
 *
 * <p>The protocol is that of the manual's chapter "Making a Base Backup Using the Low Level API"; what is left out of a
 * copy is what {@code pg_basebackup} leaves out.
 */
@NullMarked
package org.medbackup.app.postgresql;

import org.jspecify.annotations.NullMarked;
