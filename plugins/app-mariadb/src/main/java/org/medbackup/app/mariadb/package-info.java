/**
 * The adapter for MariaDB. It speaks SQL with the server, hands over what {@code mariadb-backup} reads, or a snapshot that was
 * taken while {@code BACKUP STAGE} held the commits (MariaDB manual, "BACKUP STAGE" and "Mariabackup Overview").
 */
@NullMarked
package org.medbackup.app.mariadb;

import org.jspecify.annotations.NullMarked;
