/**
 * The adapter to MongoDB.
 *
 * <p>The protocols are those of the MongoDB manual ("fsync", "fsyncUnlock", "Back Up and Restore with Filesystem
 * Snapshots", "balancerStop") and of the manual of Percona Server for MongoDB ("$backupCursor and $backupCursorExtend
 * aggregation stages").
 */
@NullMarked
package org.medbackup.app.mongodb;

import org.jspecify.annotations.NullMarked;
