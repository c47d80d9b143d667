package org.medbackup.service.config;

import java.time.Duration;
import java.util.List;

/**
 * Applications that are brought to one point together.
 *
 * @param name in the configuration
 * @param members names of applications, in the order in which they are frozen
 * @param deadline how long all of them may stay frozen
 */
public record GroupEntry(String name, List<String> members, Duration deadline) {

    public GroupEntry {
        members = List.copyOf(members);
    }
}
