package org.medbackup.core.health;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * How the program is doing. Immutable.
 *
 * @param live whether it turns at all; a supervisor restarts what does not
 * @param findings what a person should know of
 */
public record Health(boolean live, List<HealthFinding> findings) {

    public Health {
        findings = List.copyOf(findings);
    }

    /** Nothing is wrong. */
    public static Health good() {
        return new Health(true, List.of());
    }

    /** Whether work can be done now. */
    public boolean ready() {
        return live && findings.stream().noneMatch(HealthFinding::blocking);
    }

    /** This, with more that was found. */
    public Health with(Collection<HealthFinding> more) {
        List<HealthFinding> all = new ArrayList<>(findings);
        all.addAll(more);
        return new Health(live, all);
    }
}
