package org.medbackup.service;

import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;
import org.medbackup.core.Secret;
import org.medbackup.scheduler.Scheduler;
import org.medbackup.scheduler.SchedulerSettings;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.SecretReference;

/**
 * Opens the state of the schedule for a look or a word, whether a daemon runs or not, and on whichever host.
 *
 * @param configuration as it stands
 */
record WatchedSchedule(Settings settings, Path state, Supplier<Configuration> configuration) {

    <T> T on(Function<Scheduler, T> work) {
        Configuration now = configuration.get();
        String host = settings.actor().host();
        var process =
                SchedulerSettings.usual("command-" + ProcessHandle.current().pid(), host);
        try (Secret password = password(now);
                Scheduler scheduler = Scheduler.watching(
                        process,
                        ScheduledJobs.store(now, state, password),
                        ScheduledJobs.rules(now, host),
                        settings.time(),
                        settings.entropy())) {
            return work.apply(scheduler);
        }
    }

    private Secret password(Configuration now) {
        SecretReference reference = now.service().password();
        return reference == null ? Secret.ofText("") : reference.secret(settings.environment());
    }
}
