package org.medbackup.scheduler;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;

/**
 * The rules of all jobs, checked against each other. Immutable; safe for use by several threads.
 *
 * @param jobs by name
 * @param limits how many runs may use what at once
 */
public record RuleBook(Map<String, JobRules> jobs, Limits limits) {

    /**
     * How many runs may use what at once, over all workers. Immutable.
     *
     * @param perHost of each host's data
     * @param perTarget to each target
     * @param exceptions other limits for single targets
     */
    public record Limits(int perHost, int perTarget, Map<String, Integer> exceptions) {

        public Limits {
            exceptions = Map.copyOf(exceptions);
            if (perHost < 1 || perTarget < 1 || exceptions.values().stream().anyMatch(most -> most < 1)) {
                throw ErrorCode.JOB_RULES_INVALID.because("a limit of runs at once is at least one");
            }
        }

        /** One run for each host's data, two for each target. */
        public static Limits usual() {
            return new Limits(1, 2, Map.of());
        }
    }

    public RuleBook {
        jobs = Collections.unmodifiableMap(new TreeMap<>(jobs));
        for (JobRules each : jobs.values()) {
            for (Dependency dependency : each.dependsOn()) {
                if (!jobs.containsKey(dependency.job())) {
                    throw ErrorCode.JOB_RULES_INVALID
                            .because("it depends on a job that there is none of")
                            .with("job", each.name());
                }
            }
        }
        Set<String> ended = new HashSet<>();
        for (String name : jobs.keySet()) {
            follow(name, jobs, new HashSet<>(), ended);
        }
    }

    /**
     * Rules in a book.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#JOB_RULES_INVALID} for two of one name, for a
     *     dependency on none, and for jobs that wait for each other
     */
    public static RuleBook of(Collection<JobRules> rules, Limits limits) {
        Map<String, JobRules> byName = new HashMap<>();
        for (JobRules each : rules) {
            if (byName.put(each.name(), each) != null) {
                throw ErrorCode.JOB_RULES_INVALID
                        .because("two jobs of one name")
                        .with("job", each.name());
            }
        }
        return new RuleBook(byName, limits);
    }

    /** Rules with the usual limits. */
    public static RuleBook of(JobRules... rules) {
        return of(List.of(rules), Limits.usual());
    }

    private static void follow(String name, Map<String, JobRules> jobs, Set<String> open, Set<String> ended) {
        if (ended.contains(name)) {
            return;
        }
        if (!open.add(name)) {
            throw ErrorCode.JOB_RULES_INVALID
                    .because("jobs wait for each other")
                    .with("job", name);
        }
        @Nullable JobRules rules = jobs.get(name);
        if (rules != null) {
            rules.dependsOn().forEach(each -> follow(each.job(), jobs, open, ended));
        }
        ended.add(name);
    }

    /** What a job uses, each with how many may use it at once. */
    Map<String, Integer> uses(JobRules rules) {
        Map<String, Integer> uses = new TreeMap<>();
        if (rules.sourceHost() != null) {
            uses.put("host:" + rules.sourceHost(), limits.perHost());
        }
        for (String target : rules.targets()) {
            uses.put("target:" + target, limits.exceptions().getOrDefault(target, limits.perTarget()));
        }
        return uses;
    }
}
