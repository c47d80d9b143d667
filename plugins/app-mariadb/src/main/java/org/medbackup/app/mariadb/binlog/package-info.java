/** Files of MariaDB's binary log: what they hold, whether one follows the other, and which of them a recovery needs. */
@NullMarked
package org.medbackup.app.mariadb.binlog;

import org.jspecify.annotations.NullMarked;
