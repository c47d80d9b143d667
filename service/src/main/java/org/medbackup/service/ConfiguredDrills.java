package org.medbackup.service;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.medbackup.core.event.Facts;
import org.medbackup.scheduler.state.DrillLedger;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.DrillEntry;

/**
 * The drills of the configuration as they stand, by the state of the schedule: it does not matter whether a daemon runs, nor on
 * which host. Safe for use by several threads.
 */
public final class ConfiguredDrills {

    private final Settings settings;
    private final WatchedSchedule schedule;
    private final Operations operations;
    private final Supplier<Configuration> configuration;

    ConfiguredDrills(
            Settings settings, WatchedSchedule schedule, Operations operations, Supplier<Configuration> configuration) {
        this.settings = settings;
        this.schedule = schedule;
        this.operations = operations;
        this.configuration = configuration;
    }

    /**
     * Each application of each drill, by the names of the drills, in the order of their plans.
     *
     * @throws org.medbackup.core.error.UsageException with {@link org.medbackup.core.error.ErrorCode#PLAN_INVALID} where a plan
     *     cannot be read
     */
    public List<DrillStatus> status() {
        Instant now = settings.time().now();
        return operations.run(
                "drill-status",
                Facts.NONE,
                log -> schedule.on(scheduler -> status(scheduler.drills(), now)),
                found -> Ending.success(Facts.of("applications", found.size())
                        .and(
                                "overdue",
                                found.stream().filter(DrillStatus::overdue).count())));
    }

    private List<DrillStatus> status(DrillLedger ledger, Instant now) {
        var planning = new DrillPlanning(ledger, () -> 0);
        Configuration configured = configuration.get();
        return configured.drills().values().stream()
                .flatMap((DrillEntry each) -> planning.status(each, configured.governor(), now).stream())
                .toList();
    }
}
