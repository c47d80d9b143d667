/** The adapter for SQLite, by its own backup interface (sqlite.org, "SQLite Backup API"). */
@NullMarked
package org.medbackup.app.sqlite;

import org.jspecify.annotations.NullMarked;
