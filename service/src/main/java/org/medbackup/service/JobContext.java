package org.medbackup.service;

import java.util.Map;
import java.util.TreeMap;
import org.medbackup.engine.BackupRequest;

/**
 * For which job a thread makes backups.
 *
 * @param job its name, which each restore point bears as a tag
 * @param follower hears how its backups get on
 * @param copies locations of the targets of its copies, by name
 */
record JobContext(String job, BackupRequest.Follower follower, Map<String, String> copies) {

    JobContext {
        copies = Map.copyOf(copies);
    }

    /** The tag of restore points that names the job which made them. */
    static final String TAG = "job";

    /** That of this thread. */
    static final ScopedValue<JobContext> CURRENT = ScopedValue.newInstance();

    /** A request of this thread, with all that its job adds to it. */
    static BackupRequest completed(BackupRequest request) {
        if (!CURRENT.isBound()) {
            return request;
        }
        JobContext now = CURRENT.get();
        var tags = new TreeMap<>(request.tags());
        tags.put(TAG, now.job());
        return request.tagged(tags).followedBy(now.follower());
    }
}
