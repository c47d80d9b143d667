package org.medbackup.service;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.medbackup.core.HostSeal;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.resilience.escalation.Escalation;
import org.medbackup.resilience.escalation.EscalationRules;
import org.medbackup.resilience.escalation.IncidentStore;
import org.medbackup.resilience.escalation.Routes;
import org.medbackup.service.config.Configuration;

/**
 * What is known of incidents on this host: one sealed file of the state folder, used by one process at a time under a lock,
 * so that a command of cron, a daemon and a person at a terminal see the same. Safe for use by several threads.
 */
final class Incidents {

    /** In the state folder. */
    static final String FILE = "incidents";

    private static final String PURPOSE = "medbackup incidents v1";

    /** More turns than a message, its failure and the incident of the channel need. */
    private static final int TURNS = 8;

    private final Settings settings;
    private final Supplier<Configuration> configuration;
    private final Path folder;
    private final HostSeal seal;
    private final EventSink events;
    private final TimeSource time;

    Incidents(Settings settings, Path state, Secret hostKey, EventSink events, Supplier<Configuration> configuration) {
        this.settings = settings;
        this.configuration = configuration;
        this.folder = state;
        this.seal = new HostSeal(hostKey, PURPOSE, settings.entropy());
        this.events = events;
        this.time = settings.time();
    }

    /** Somebody to whom nothing is said: the configuration names nobody. What fails is listed all the same. */
    private static final class Nobody implements NotificationChannel {

        private static final String NAME = "nobody";

        @Override
        public String description() {
            return "nobody is told";
        }

        @Override
        public String send(Notification notification) {
            return "";
        }

        @Override
        public void close() {}
    }

    /**
     * Does something with the incidents, and tells whoever is to be told now.
     *
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#STATE_UNUSABLE} where they cannot be read
     */
    synchronized <T> T with(Function<Escalation, T> work) {
        try (var file = FileChannel.open(
                        Files.createDirectories(folder).resolve("incidents.lock"),
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
                FileLock _ = file.lock();
                OpenChannels channels = OpenChannels.of(configuration.get().channels(), settings.environment(), time)) {
            Escalation escalation = open(channels);
            T result = work.apply(escalation);
            for (int turn = 0; turn < TURNS && isDue(escalation); turn++) {
                escalation.tick();
            }
            return result;
        } catch (IOException failed) {
            throw ErrorCode.STATE_UNUSABLE
                    .because("the lock of the incidents cannot be had", failed)
                    .with("state", folder);
        }
    }

    private boolean isDue(Escalation escalation) {
        Optional<Instant> due = escalation.due();
        return due.isPresent() && !due.get().isAfter(time.now());
    }

    private Escalation open(OpenChannels channels) {
        boolean tells = configuration.get().escalation().tellsSomebody();
        EscalationRules rules = tells
                ? configuration.get().escalation().rules(configuration.get().governor())
                : EscalationRules.of(
                        Routes.of(Nobody.NAME), configuration.get().governor().zone());
        Map<String, NotificationChannel> all = tells ? channels.byName() : Map.of(Nobody.NAME, new Nobody());
        IncidentStore store = new SealedIncidents(IncidentStore.inFile(folder.resolve(FILE)), seal);
        return Escalation.open(rules, all, Escalation.Parts.of(settings.actor().host(), store, events, time));
    }
}
