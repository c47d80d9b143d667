package org.medbackup.service.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.policy.PolicySigner;

/**
 * What a configuration file says.
 *
 * @param file that was read; null where there is none
 * @param repository location; null where the file does not say
 * @param password of the repository; null where the file does not say
 * @param keyFile that opens the repository; null where the file does not say
 * @param state folder; null where the file does not say
 * @param applications by name
 * @param groups by name
 * @param governor what backups may use of the machine, and when
 * @param targets locations of copies of the repository, by the name of the target
 * @param places on what and where those targets keep data of which the file says it, by the name of the target; the
 *     repository itself is the empty name
 * @param jobs by name
 * @param drills that the daemon carries out by itself, by name
 * @param channels ways to people, by name
 * @param escalation who is told when something fails
 * @param service how the daemon works
 * @param policySigners who may sign policies
 * @param tiers names of targets at which the tiers of the policy lie, by the names of the tiers; others lie at the repository
 * @param reviewDays within how many days each unchanged file is asked about again; 0 for never
 * @param statements file with what the site states for its compliance reports; null for none
 * @param values each value with where it came from
 */
public record Configuration(
        @Nullable Path file,
        @Nullable String repository,
        @Nullable SecretReference password,
        @Nullable Path keyFile,
        @Nullable Path state,
        SortedMap<String, ApplicationEntry> applications,
        SortedMap<String, GroupEntry> groups,
        GovernorEntry governor,
        SortedMap<String, String> targets,
        SortedMap<String, TargetPlace> places,
        SortedMap<String, JobEntry> jobs,
        SortedMap<String, DrillEntry> drills,
        SortedMap<String, ChannelEntry> channels,
        EscalationEntry escalation,
        ServiceEntry service,
        List<PolicySigner> policySigners,
        SortedMap<String, String> tiers,
        int reviewDays,
        @Nullable Path statements,
        List<Value> values) {

    /** As long as usual before a file moves where it belongs by now. */
    public static final int REVIEW_DAYS = 30;

    public Configuration {
        applications = Collections.unmodifiableSortedMap(new TreeMap<>(applications));
        groups = Collections.unmodifiableSortedMap(new TreeMap<>(groups));
        targets = Collections.unmodifiableSortedMap(new TreeMap<>(targets));
        places = Collections.unmodifiableSortedMap(new TreeMap<>(places));
        jobs = Collections.unmodifiableSortedMap(new TreeMap<>(jobs));
        drills = Collections.unmodifiableSortedMap(new TreeMap<>(drills));
        channels = Collections.unmodifiableSortedMap(new TreeMap<>(channels));
        policySigners = List.copyOf(policySigners);
        tiers = Collections.unmodifiableSortedMap(new TreeMap<>(tiers));
        values = List.copyOf(values);
    }

    /** Without a file. */
    public static Configuration none() {
        return new Configuration(
                null,
                null,
                null,
                null,
                null,
                new TreeMap<>(),
                new TreeMap<>(),
                GovernorEntry.none(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                EscalationEntry.none(),
                ServiceEntry.none(),
                List.of(),
                new TreeMap<>(),
                REVIEW_DAYS,
                null,
                List.of());
    }

    /**
     * One value.
     *
     * @param key path of names with dots between them
     * @param value as a text; of a secret its reference
     * @param origin {@code default}, or the file and its line, or the option or variable that gave it
     */
    public record Value(String key, String value, String origin) {}
}
