package org.medbackup.service;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A consistent backup of several applications at one point. Each member has a restore point of its own.
 *
 * @param group its name in the configuration
 * @param members what came of each, by its name, in the order of the group
 * @param skew between the first mark and the last; within it members that do not freeze may have written
 */
public record GroupedBackup(String group, Map<String, ApplicationBackup> members, Duration skew) {

    public GroupedBackup {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /** The worst of the members' states. */
    public String state() {
        for (String worse : new String[] {"INCOMPLETE", "DEGRADED"}) {
            if (members.values().stream().anyMatch(member -> member.state().equals(worse))) {
                return worse;
            }
        }
        return "SUCCEEDED";
    }
}
