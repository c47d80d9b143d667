package org.medbackup.service;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.apps.Phase;
import org.medbackup.apps.PhaseTiming;
import org.medbackup.service.config.ApplicationEntry;

/** How long freeze, mark and thaw of one application take, so that it is known before whether a group will be too slow. */
final class HeldTime {

    /** Under this name a restore point tells it, in seconds. */
    static final String EVIDENCE = "application.held_seconds";

    private static final Set<Phase> HELD = EnumSet.of(Phase.FREEZE, Phase.MARK, Phase.THAW);

    private HeldTime() {}

    /** What a backup measured. In a group each member counts its own phases only, not those of the others in the window. */
    static Duration measured(ApplicationRun run) {
        return run.timings().stream()
                .filter(each -> HELD.contains(each.phase()))
                .map(PhaseTiming::took)
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** As a restore point tells it. */
    static String shown(Duration held) {
        return Double.toString(held.toMillis() / 1000.0);
    }

    /**
     * How long it is expected to take: what the backup before has measured; without that what the configuration allows,
     * where it says less than usual; otherwise nothing is known.
     *
     * @param before what the restore point before says
     */
    static Duration expected(Map<String, String> before, @Nullable ApplicationEntry entry) {
        String measured = before.getOrDefault(EVIDENCE, "");
        if (measured.matches("\\d{1,9}(\\.\\d{1,9})?")) {
            return Duration.ofMillis(Math.round(Double.parseDouble(measured) * 1000));
        }
        return entry != null && entry.frozen().compareTo(ApplicationEntry.FROZEN) < 0 ? entry.frozen() : Duration.ZERO;
    }
}
