package org.medbackup.service;

import java.util.List;
import java.util.Map;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.JobEntry;

/**
 * A storage target of the configuration.
 *
 * @param name of it
 * @param location for people; of a URI without its options
 * @param tiers of the policy that lie there
 * @param copies jobs of which copies lie there
 * @param spills jobs that go there when the repository is away
 */
public record TargetEntry(String name, String location, List<String> tiers, List<String> copies, List<String> spills) {

    public TargetEntry {
        tiers = List.copyOf(tiers);
        copies = List.copyOf(copies);
        spills = List.copyOf(spills);
    }

    static List<TargetEntry> of(Configuration configuration) {
        return configuration.targets().entrySet().stream()
                .map(each -> of(each.getKey(), each.getValue(), configuration))
                .toList();
    }

    private static TargetEntry of(String name, String location, Configuration configuration) {
        int options = location.indexOf('?');
        return new TargetEntry(
                name,
                options < 0 ? location : location.substring(0, options),
                configuration.tiers().entrySet().stream()
                        .filter(each -> each.getValue().equals(name))
                        .map(Map.Entry::getKey)
                        .toList(),
                configuration.jobs().values().stream()
                        .filter(each -> each.copies().contains(name))
                        .map(JobEntry::name)
                        .toList(),
                configuration.jobs().values().stream()
                        .filter(each -> each.spill().equals(name))
                        .map(JobEntry::name)
                        .toList());
    }
}
