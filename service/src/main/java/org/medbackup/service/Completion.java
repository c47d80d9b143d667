package org.medbackup.service;

import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.Repository;

/** Adds what every backup of this host says and leaves out: its policy, its job, its place in the audit trail. */
@FunctionalInterface
interface Completion {

    /** A request into a repository, whole. */
    BackupRequest of(BackupRequest request, RepositoryAccess access, Repository repository);
}
