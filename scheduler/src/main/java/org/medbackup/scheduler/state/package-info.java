/** The state of jobs and runs in SQLite or PostgreSQL: leases with epochs, versions of the schema. */
@NullMarked
package org.medbackup.scheduler.state;

import org.jspecify.annotations.NullMarked;
