package org.medbackup.control;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether all that is protected will stay within its RPO.
 *
 * @param until how far it looks
 * @param jobs each, by name
 */
public record ForecastView(Instant until, List<JobForecast> jobs) {

    public ForecastView {
        jobs = List.copyOf(jobs);
    }

    /** Whether every RPO will be met. */
    public boolean met() {
        return jobs.stream().allMatch(JobForecast::met);
    }

    /**
     * One job's.
     *
     * @param next when it begins by itself; null where it does not until then
     * @param takes how long it is expected to take; null where that is not known
     * @param breach when its RPO will be missed; null where it will not be
     */
    public record JobForecast(
            String name,
            @Nullable Instant next,
            @Nullable Duration takes,
            @Nullable Instant breach) {

        public JobForecast {
            Names.requireName(name);
        }

        /** Whether its RPO will be met. */
        public boolean met() {
            return breach == null;
        }
    }
}
