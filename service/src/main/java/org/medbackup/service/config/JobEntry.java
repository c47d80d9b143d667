package org.medbackup.service.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.VerifyLevel;

/**
 * A job of the configuration.
 *
 * @param name in the configuration
 * @param subject what is backed up
 * @param verify how the new restore point is proven; null for not at all
 * @param keep which restore points stay; none where all do
 * @param copies names of targets that get a copy
 * @param spill name of the target that is backed up to where the repository cannot be; empty where there is none
 * @param retryFor for how long a stage that fails is tried again in all
 * @param schedule when it runs by itself
 */
public record JobEntry(
        String name,
        Subject subject,
        @Nullable VerifyLevel verify,
        RetentionRules keep,
        List<String> copies,
        String spill,
        Duration retryFor,
        ScheduleEntry schedule) {

    /** For how long a stage is tried again where the configuration says nothing. */
    public static final Duration RETRY_FOR = Duration.ofHours(2);

    public JobEntry {
        copies = List.copyOf(copies);
    }

    /** One that runs when somebody says so. */
    public JobEntry(
            String name,
            Subject subject,
            @Nullable VerifyLevel verify,
            RetentionRules keep,
            List<String> copies,
            String spill,
            Duration retryFor) {
        this(name, subject, verify, keep, copies, spill, retryFor, ScheduleEntry.none());
    }

    /** What a job backs up. */
    public sealed interface Subject {}

    /**
     * File trees.
     *
     * @param paths absolute
     * @param exclusions shell patterns
     * @param oneFileSystem whether other file systems are left out
     */
    public record Trees(List<String> paths, List<String> exclusions, boolean oneFileSystem) implements Subject {

        public Trees {
            paths = List.copyOf(paths);
            exclusions = List.copyOf(exclusions);
        }
    }

    /**
     * An application, in a consistent state.
     *
     * @param name in the configuration
     */
    public record OfApplication(String name) implements Subject {}

    /**
     * The applications of a group, at one point.
     *
     * @param name in the configuration
     */
    public record OfGroup(String name) implements Subject {}
}
