package org.medbackup.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.event.Facts;
import org.medbackup.governor.Governor;
import org.medbackup.governor.Limits;
import org.medbackup.governor.WindowLimits;
import org.medbackup.governor.WorkClass;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.ConfigurationFile.Reading;
import org.medbackup.service.config.Finding;
import org.medbackup.service.config.GovernorEntry;

/**
 * Holds what the configuration file says of limits: those that always hold, those of windows, and weights. It looks at the
 * clock and at the file four times a second. A file that was changed is read when it has not changed for one look more; one
 * with an error is refused as a whole, and what held before stays.
 */
final class ConfiguredLimits implements AutoCloseable {

    /** The rule of limits that always hold. */
    static final String RULE = "configuration";

    private static final String CALENDAR = "calendar";
    private static final long LOOK_MILLIS = 250;

    private final Settings settings;
    private final Governor governor;
    private final LimitRecord record;
    private final @Nullable Path file;
    private final WindowLimits windows;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread thread;
    private GovernorEntry entry;
    private @Nullable FileStamp known;
    private @Nullable FileStamp seen;

    /** From now on they hold; the clock and the file are looked at only when {@link #look} is called. */
    ConfiguredLimits(Settings settings, LimitRecord record) {
        Configuration configuration = settings.configuration();
        this.settings = settings;
        this.governor = settings.governor();
        this.record = record;
        this.file = configuration.file();
        this.entry = configuration.governor();
        this.windows = new WindowLimits(governor, entry.calendar(), entry.windowLimits());
        this.known = file == null ? null : unchangedSinceTheStart(file);
        this.seen = known;
        requirePossible(entry);
        apply();
        windows.look(settings.time().now());
    }

    /** They hold, and follow the clock and the file until it is closed. */
    static ConfiguredLimits start(Settings settings, LimitRecord record) {
        var limits = new ConfiguredLimits(settings, record);
        if (limits.file != null) {
            limits.thread = Thread.ofPlatform().daemon().name("limits").start(limits::run);
        }
        return limits;
    }

    /** The file was read by this process, but not by us: one that is younger than the process is read again. */
    private static @Nullable FileStamp unchangedSinceTheStart(Path file) {
        FileStamp stamp = FileStamp.of(file);
        Instant start = ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH);
        // The start is known to a hundredth of a second.
        return stamp != null && stamp.changed().toInstant().isBefore(start.minusSeconds(1)) ? stamp : null;
    }

    private void run() {
        try {
            while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                try {
                    look();
                } catch (RuntimeException unsaid) {
                    // It holds; the record of it is written at a later look, or fails the operation at its end.
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks at the file and at the clock. */
    synchronized void look() {
        if (file != null) {
            look(file);
        }
        for (WindowLimits.Change change : windows.look(settings.time().now())) {
            if (!change.before().equals(change.now())) {
                record.changed(record.actor(CALENDAR), change.rule(), change.before(), change.now());
            }
        }
        record.say();
    }

    private void look(Path path) {
        FileStamp stamp = FileStamp.of(path);
        boolean settled = Objects.equals(stamp, seen);
        seen = stamp;
        if (!settled || Objects.equals(stamp, known)) {
            return;
        }
        known = stamp;
        try {
            Reading reading =
                    MedBackup.configurationFile(settings.environment()).read(path);
            Configuration configuration = reading.configuration();
            if (configuration == null) {
                refuse(reading.findings().stream()
                        .filter(each -> each.severity() == Finding.Severity.ERROR)
                        .mapToInt(Finding::line)
                        .findFirst()
                        .orElse(0));
            } else if (!configuration.governor().equals(entry)) {
                follow(path, configuration.governor());
            }
        } catch (UsageException unusable) {
            refuse(0);
        }
    }

    private void refuse(int line) {
        record.refused(ErrorCode.CONFIGURATION_INVALID, Facts.of("line", line).and("limits", "stay as they were"));
    }

    /**
     * What this process cannot keep, it says now and not when a window opens.
     *
     * @throws UsageException where it cannot
     */
    private void requirePossible(GovernorEntry entry) {
        governor.requirePossible(entry.limits());
        entry.windowLimits().values().forEach(governor::requirePossible);
    }

    private void follow(Path path, GovernorEntry other) {
        requirePossible(other);
        Limits before = governor.limits();
        // What goes from one rule to another is not free between.
        governor.rule(RULE, entry.limits().strictest(other.limits()));
        windows.follow(other.calendar(), other.windowLimits());
        windows.look(settings.time().now());
        entry = other;
        apply();
        record.changed(record.actor(owner(path)), RULE, before, governor.limits());
    }

    private void apply() {
        governor.rule(RULE, entry.limits());
        for (WorkClass work : WorkClass.values()) {
            Integer weight = entry.weights().get(work);
            governor.weigh(work, weight == null ? work.weight() : weight);
        }
    }

    /** Whoever may change the file: nearer to who did it nobody can come. */
    private static String owner(Path file) {
        try {
            return Files.getOwner(file).getName();
        } catch (IOException gone) {
            return "unknown";
        }
    }

    /**
     * No longer follows. What holds, holds for whoever still uses the governor.
     *
     * @throws RuntimeException where a change could not be recorded
     */
    @Override
    public void close() {
        closed.countDown();
        Thread running = thread;
        boolean interrupted = false;
        while (running != null && running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        record.say();
    }
}
