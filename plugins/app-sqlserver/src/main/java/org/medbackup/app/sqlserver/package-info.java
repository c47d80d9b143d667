/**
 * The adapter to SQL Server.
 *
 * <p>The protocols are those of Microsoft's documentation: "Create a Transact-SQL snapshot backup",
 * "sys.dm_server_suspend_status", "BACKUP (Transact-SQL)", "Copy-only backups", "SQL Server back up to URL for S3-compatible
 * object storage", "RESTORE (Transact-SQL)", "DBCC CHECKDB".
 */
@NullMarked
package org.medbackup.app.sqlserver;

import org.jspecify.annotations.NullMarked;
