package org.medbackup.service;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.medbackup.apps.FreezeGuard;
import org.medbackup.apps.FreezeJournal;
import org.medbackup.apps.FreezeRecovery;
import org.medbackup.apps.Frozen;
import org.medbackup.apps.HookedApplication;
import org.medbackup.apps.Hooks;
import org.medbackup.apps.WatchdogLink;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.config.ApplicationEntry;

/** What thaws applications of this host when the process that froze them does not: the watchdog and the journal. */
final class FreezeProtection {

    private static final Duration ATTEMPT = Duration.ofSeconds(5);

    private final Settings settings;
    private final FreezeJournal journal;

    FreezeProtection(Settings settings, Path state, Secret hostKey) {
        this.settings = settings;
        this.journal = FreezeJournal.in(state.resolve("freeze"), hostKey, settings.entropy());
    }

    FreezeJournal journal() {
        return journal;
    }

    /** Opens what another process has frozen, with what its journal or its lease says of it. */
    static Application open(Frozen frozen) {
        for (ApplicationProvider provider : ServiceLoader.load(ApplicationProvider.class)) {
            if (provider.kinds().contains(frozen.connection().address().getScheme())) {
                Application opened = provider.open(frozen.connection(), ApplicationProvider.Outside.system());
                return frozen.thaw() == null
                        ? opened
                        : HookedApplication.of(opened, Hooks.thawing(frozen.thaw()), frozen.run(), Processes.system());
            }
        }
        throw ErrorCode.APPLICATION_KIND_UNKNOWN.because("no adapter serves it");
    }

    /** Thaws what a process that is gone has left frozen. Never fails: what could not be thawed is in the audit trail. */
    void recover(Operations operations) {
        if (journal.read().isEmpty()) {
            return;
        }
        List<Secret> secrets = Collections.synchronizedList(new ArrayList<>());
        operations.run(
                "freeze-recovery",
                Facts.NONE,
                log -> new FreezeRecovery(
                                journal, settings.time(), log, ATTEMPT, frozen -> open(withSecrets(frozen, secrets)))
                        .replay(),
                result -> {
                    Facts facts = Facts.of("thawed", result.thawed())
                            .and("held", result.held())
                            .and("failed", result.failed())
                            .and("broken", result.broken());
                    return result.isClean()
                            ? Ending.success(facts)
                            : new Ending(Outcome.FINDING, ErrorCode.THAW_FAILED, facts);
                });
        secrets.forEach(Secret::close);
    }

    /** The journal holds no secrets; those of an application of the configuration are read from where it says. */
    private Frozen withSecrets(Frozen frozen, List<Secret> opened) {
        for (ApplicationEntry entry : settings.configuration().applications().values()) {
            if (entry.url().equals(frozen.connection().address())) {
                Connection connection = entry.connection(settings.environment());
                opened.addAll(connection.secrets().values());
                return frozen.with(connection.with(frozen.connection().options()));
            }
        }
        return frozen;
    }

    /** The watchdog of one backup, started when something is to be frozen, and no other after it. */
    Watch watch() {
        return watch(WatchdogLink.Times.defaults());
    }

    /** The same with other times. */
    Watch watch(WatchdogLink.Times times) {
        return new Watch(settings, times);
    }

    /** See {@link #watch}. */
    static final class Watch implements FreezeGuard.WatchdogSource, AutoCloseable {

        private final Settings settings;
        private final WatchdogLink.Times times;
        private @Nullable WatchdogLink link;

        private Watch(Settings settings, WatchdogLink.Times times) {
            this.settings = settings;
            this.times = times;
        }

        @Override
        public synchronized WatchdogLink link() {
            WatchdogLink started = link;
            if (started == null) {
                started = WatchdogLink.start(settings.processes(), command(), settings.time(), times);
                link = started;
            }
            return started;
        }

        @Override
        public synchronized void close() {
            if (link != null) {
                link.close();
            }
        }
    }

    /** This program's own Java, modules and classes. */
    static Command command() {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "-Xmx64m"));
        String modules = System.getProperty("jdk.module.path", "");
        String classes = System.getProperty("java.class.path", "");
        if (!modules.isEmpty()) {
            words.addAll(List.of("--module-path", modules));
        }
        if (!classes.isEmpty()) {
            words.addAll(List.of("-cp", classes));
        }
        Module own = WatchdogProcess.class.getModule();
        String main = WatchdogProcess.class.getName();
        words.addAll(own.isNamed() ? List.of("-m", own.getName() + "/" + main) : List.of(main));
        return Command.of(words);
    }
}
