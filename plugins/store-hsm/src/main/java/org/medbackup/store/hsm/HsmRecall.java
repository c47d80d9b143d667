package org.medbackup.store.hsm;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.linux.Fd;
import org.medbackup.linux.LinuxException;
import org.medbackup.store.hsm.SiteCommands.Recalling;

/**
 * Brings files back. How long they stay is the file system's rule, not ours. What was asked for from here counts as coming
 * until it is there, its command fails, or patience ends. Safe for use by several threads.
 */
final class HsmRecall implements ObjectStore.Recall, AutoCloseable {

    /** How long a failure is said: longer than a caller goes on asking a target that does not answer. */
    static final Duration SAID = Duration.ofMinutes(2);

    /**
     * A recall that failed.
     *
     * @param said when somebody was first told, by the monotonic clock; null where nobody was
     */
    private record Failed(BackupException why, @Nullable Long said) {}

    private final Residences residences;
    private final @Nullable Recalling how;
    private final Processes processes;
    private final TimeSource time;
    private final ExecutorService background;

    /** When each was asked for, by the monotonic clock. */
    private final Map<ObjectName, Long> asked = new ConcurrentHashMap<>();

    /** What came of those in the background that failed. */
    private final Map<ObjectName, Failed> failures = new ConcurrentHashMap<>();

    /**
     * A recall.
     *
     * @param how null where every request for a file that is away is refused
     */
    HsmRecall(Residences residences, @Nullable Recalling how, Processes processes, TimeSource time) {
        this.residences = residences;
        this.how = how;
        this.processes = processes;
        this.time = time;
        // Daemons: a thread that the kernel holds until a tape is found must not hold the end of the process.
        this.background = Executors.newFixedThreadPool(
                how == null ? 1 : how.atOnce(),
                Thread.ofPlatform().daemon().name("hsm-recall-", 0).factory());
    }

    /**
     * As the port says.
     *
     * @throws BackupException besides with {@link ErrorCode#STORE_UNAVAILABLE} where a recall in the background has failed;
     *     two minutes after that was first said the object is cold
     */
    @Override
    public Readiness readiness(ObjectName name) {
        Readiness found = look(name);
        if (found == Readiness.READABLE) {
            failures.remove(name);
        } else if (found == Readiness.COLD) {
            Failed failed = failures.computeIfPresent(name, (key, each) -> stillSaid(each));
            if (failed != null) {
                throw failed.why();
            }
        }
        return found;
    }

    private @Nullable Failed stillSaid(Failed failed) {
        Long since = failed.said();
        if (since == null) {
            return new Failed(failed.why(), time.nanos());
        }
        return time.since(since).compareTo(SAID) < 0 ? failed : null;
    }

    private Readiness look(ObjectName name) {
        return switch (residences.of(name)) {
            case RESIDENT -> {
                asked.remove(name);
                yield Readiness.READABLE;
            }
            case COMING -> Readiness.COMING;
            case OFFLINE -> isAwaited(name) ? Readiness.COMING : Readiness.COLD;
        };
    }

    private boolean isAwaited(ObjectName name) {
        Long since = asked.get(name);
        if (since == null || how == null) {
            return false;
        }
        if (time.since(since).compareTo(how.patience()) < 0) {
            return true;
        }
        asked.remove(name, since);
        return false;
    }

    /**
     * Asks for a file that is away; of one that is here or coming nothing has to be asked.
     *
     * @throws BackupException with {@link ErrorCode#CONFIGURATION_INVALID} where the site has not said how, with
     *     {@link ErrorCode#STORE_UNAVAILABLE} where its command fails
     */
    @Override
    public void request(ObjectName name, Speed speed, Duration keep) {
        if (look(name) != Readiness.COLD) {
            return;
        }
        Recalling means = how;
        if (means == null) {
            throw ErrorCode.CONFIGURATION_INVALID
                    .because("nothing says how a file is brought back: write commands.recall into the file that the"
                            + " location names with ?commands= (docs/store-hsm.md)")
                    .with("object", name);
        }
        if (asked.putIfAbsent(name, time.nanos()) != null) {
            return;
        }
        failures.remove(name);
        Path file = residences.file(name);
        if (means.background()) {
            background.execute(() -> bringUnwatched(means, name, file, speed, keep));
        } else {
            try {
                bring(means, file, speed, keep);
            } catch (BackupException failed) {
                asked.remove(name);
                throw failed.with("object", name);
            }
        }
    }

    private void bringUnwatched(Recalling means, ObjectName name, Path file, Speed speed, Duration keep) {
        try {
            bring(means, file, speed, keep);
        } catch (BackupException failed) {
            failures.put(name, new Failed(failed.with("object", name), null));
            asked.remove(name);
        }
    }

    private void bring(Recalling means, Path file, Speed speed, Duration keep) {
        SiteCommand command = means.command();
        if (command == null) {
            readFirstByte(file);
        } else {
            command.run(
                    processes,
                    file,
                    Map.of(
                            "{speed}",
                            speed.name().toLowerCase(Locale.ROOT),
                            "{keep}",
                            String.valueOf(keep.toSeconds())));
        }
    }

    /** By the system call: Java's channels wait, when they are interrupted, for the thread that the kernel holds. */
    static void readFirstByte(Path file) {
        try (Fd open = Fd.CWD.open(Residences.bytes(file), Fd.READ);
                Arena arena = Arena.ofConfined()) {
            open.read(arena.allocate(1), 0);
        } catch (LinuxException failed) {
            throw ErrorCode.STORE_UNAVAILABLE.because("a file could not be read back: " + failed.getMessage(), failed);
        }
    }

    /** Ends the commands in the background, and drops those that have not begun. */
    @Override
    public void close() {
        background.shutdownNow();
    }
}
