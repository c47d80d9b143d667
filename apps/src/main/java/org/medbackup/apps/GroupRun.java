package org.medbackup.apps;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A consistent backup of several applications that all succeeded. Whoever keeps their data commits it now, all of it.
 *
 * @param members what came of each, by its name, in the order of the group
 * @param skew between the first mark and the last; within it members that do not freeze may have written
 */
public record GroupRun(Map<String, ApplicationRun> members, Duration skew) {

    public GroupRun {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
}
