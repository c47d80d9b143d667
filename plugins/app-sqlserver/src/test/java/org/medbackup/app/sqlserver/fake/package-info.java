/**
 * A SQL Server that is none: it understands the statements of backups behind the interfaces of {@code java.sql} and keeps the
 * rules of Microsoft's documentation. It proves what the adapter does, not what a real server does.
 */
@NullMarked
package org.medbackup.app.sqlserver.fake;

import org.jspecify.annotations.NullMarked;
