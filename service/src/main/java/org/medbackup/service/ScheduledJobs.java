package org.medbackup.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.medbackup.core.Secret;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.scheduler.JobRules;
import org.medbackup.scheduler.RuleBook;
import org.medbackup.scheduler.SchedulerSettings;
import org.medbackup.scheduler.state.Store;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.ServiceEntry;

/** What the scheduler has to know of the configuration. */
final class ScheduledJobs {

    /** The state of the schedule where several workers share none. */
    static final String FILE = "catalogue.db";

    private ScheduledJobs() {}

    /**
     * The rules of the jobs that run by themselves.
     *
     * @param host on which this process runs
     * @throws org.medbackup.core.error.UsageException with
     *     {@link org.medbackup.core.error.ErrorCode#JOB_RULES_INVALID}
     */
    static RuleBook rules(Configuration configuration, String host) {
        List<JobRules> rules = new ArrayList<>();
        configuration.jobs().values().forEach(job -> {
            Set<String> targets = new HashSet<>(job.copies());
            targets.add(CopyLedger.REPOSITORY);
            job.schedule()
                    .rules(job.name(), configuration.governor(), host, targets)
                    .ifPresent(rules::add);
        });
        ServiceEntry service = configuration.service();
        return RuleBook.of(rules, new RuleBook.Limits(service.perHost(), service.perTarget(), Map.of()));
    }

    /** How this worker works. */
    static SchedulerSettings settings(Configuration configuration, String host) {
        String name = configuration.service().worker();
        return SchedulerSettings.usual(name.isEmpty() ? host : name, host)
                .withSlots(configuration.service().runs());
    }

    /**
     * Where the state of the schedule lies.
     *
     * @param password of the database; lent
     */
    static Store store(Configuration configuration, Path state, Secret password) {
        ServiceEntry service = configuration.service();
        return service.database().isEmpty()
                ? new Store.Sqlite(state.resolve(FILE))
                : new Store.Postgres(service.database(), service.user(), password);
    }
}
