/** Restores databases of SQL Server on a sandbox server. */
@NullMarked
package org.medbackup.app.sqlserver.recovery;

import org.jspecify.annotations.NullMarked;
