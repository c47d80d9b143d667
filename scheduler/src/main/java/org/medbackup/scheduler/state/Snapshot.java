package org.medbackup.scheduler.state;

import java.util.List;

/**
 * What the state knows at one moment. Immutable.
 *
 * @param jobs that were ever configured, by name
 * @param open runs that still have to be done, by job
 * @param points the newest good restore points, by object and target
 */
public record Snapshot(List<JobRecord> jobs, List<RunRecord> open, List<GoodPoint> points) {

    public Snapshot {
        jobs = List.copyOf(jobs);
        open = List.copyOf(open);
        points = List.copyOf(points);
    }
}
