/**
 * The adapter to Oracle Database.
 *
 * <p>The protocols are those of Oracle's documentation: "Backup and Recovery User's Guide" (chapters on RMAN backups, on
 * user-managed backups and on storage snapshot optimization), "Backup and Recovery Reference" (BACKUP, VALIDATE, RESTORE,
 * RECOVER, CATALOG, CHANGE, DELETE, untilClause), "SQL Language Reference" (ALTER DATABASE, ALTER SYSTEM), "Database
 * Reference" (the V$ views), "Database Error Messages", "JDBC Developer's Guide".
 */
@NullMarked
package org.medbackup.app.oracle;

import org.jspecify.annotations.NullMarked;
