package org.medbackup.governor.observe;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.spi.throttle.Throttle.Resource;
import org.medbackup.governor.Governor;
import org.medbackup.governor.GovernorSnapshot;
import org.medbackup.governor.Limits;

/**
 * Holds what this process uses, as the kernel counts it, against its limits, every ten seconds. Where more was seen than the
 * limit allows, beyond what the source cannot tell and half a second that a ledger lets be made up for, somebody is told.
 * What of it the ledger has not counted is charged to it, so that it is repaid. What other processes used of a limit that is
 * shared stands as their ledgers have it. A span in which there was no limit for a moment, or no job, is left out.
 *
 * <p>One daemon thread, which looks each second at the limits. Limits of one disk are not observed.
 */
public final class Observer implements AutoCloseable {

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int SPAN_LOOKS = 10;
    /** What a process that has just begun loads of itself is no use of a job. */
    private static final int FIRST_LOOKS = 3;

    /** A ledger lets a stall of so long be made up for, which may have been before the span. */
    private static final double CREDIT_SECONDS = 0.5;

    private static final double SECOND = 1e9;

    private final Governor governor;
    private final TimeSource time;
    private final Consumer<Violation> listener;
    private List<Watch> watches;
    private @Nullable Thread thread;
    private boolean closed;

    private Observer(Governor governor, TimeSource time, Consumer<Violation> listener) {
        this.governor = governor;
        this.time = time;
        this.listener = listener;
        this.watches = List.of();
    }

    /**
     * The sources that this machine has for this process: disks and processors, of its own accounting group where it is alone
     * in one, and what it sends. What it receives comes from databases too, of which no limit speaks.
     */
    public static List<UsageSource> sources() {
        List<UsageSource> sources = sources(Path.of("/proc/self"), Path.of("/sys/fs/cgroup"));
        sources.add(SocketUsage.of(Resource.NETWORK_EGRESS));
        return sources;
    }

    static List<UsageSource> sources(Path process, Path groups) {
        List<UsageSource> sources = new ArrayList<>(GroupUsage.of(process, groups));
        for (UsageSource source : ProcessUsage.of(process)) {
            if (sources.stream().noneMatch(other -> other.resource() == source.resource())) {
                sources.add(source);
            }
        }
        return sources;
    }

    /**
     * Observes until it is closed, from the first limit on.
     *
     * @param sources asked for then, by the thread that observes
     */
    public static Observer start(
            Governor governor, Supplier<List<UsageSource>> sources, TimeSource time, Consumer<Violation> listener) {
        var observer = new Observer(governor, time, listener);
        governor.onceLimited(() -> observer.begin(sources));
        return observer;
    }

    /** One that is told when to look. */
    static Observer stepped(
            Governor governor, List<UsageSource> sources, TimeSource time, Consumer<Violation> listener) {
        var observer = new Observer(governor, time, listener);
        observer.watch(sources);
        return observer;
    }

    private void watch(List<UsageSource> sources) {
        watches = sources.stream().map(Watch::new).toList();
    }

    private synchronized void begin(Supplier<List<UsageSource>> sources) {
        if (!closed) {
            thread = Thread.ofPlatform().daemon().name("observer").start(() -> run(sources.get()));
        }
    }

    private void run(List<UsageSource> sources) {
        watch(sources);
        try {
            for (int look = 0; look < FIRST_LOOKS; look++) {
                time.sleep(LOOK);
            }
            while (true) {
                lookOn();
                time.sleep(LOOK);
            }
        } catch (CancelledException over) {
            // It was closed.
        }
    }

    private void lookOn() {
        try {
            look();
        } catch (CancelledException over) {
            throw over;
        } catch (BackupException unsaid) {
            // Who should have been told could not be; if it goes on he is told the next time.
        }
    }

    /** Looks at everything once; called each second. */
    void look() {
        GovernorSnapshot now = governor.snapshot();
        long nanos = time.nanos();
        for (Watch watch : watches) {
            watch.look(now.of(watch.source.resource()), nanos);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** What is known of one source since its span began. */
    private final class Watch {

        private final UsageSource source;
        private boolean begun;
        private long ceiling;
        private long began;
        private long looked;
        private long seen;
        private long counted;
        private long byAll;
        private double allowed;
        private int looks;

        private Watch(UsageSource source) {
            this.source = source;
        }

        private void look(GovernorSnapshot.Account account, long now) {
            if (account.ceiling() == Limits.NONE) {
                begun = false;
                return;
            }
            if (begun) {
                // A limit that was changed since counts as if it had been changed at once: the higher one was there
                // too.
                allowed += Math.max(account.ceiling(), ceiling) * ((now - looked) / SECOND);
                looks++;
            }
            looked = now;
            ceiling = account.ceiling();
            // Each time: what a connection carried is gone with it.
            OptionalLong total = source.total();
            if (total.isEmpty()) {
                begun = false;
            } else if (!begun || looks >= SPAN_LOOKS) {
                next(account, total.getAsLong(), now);
            }
        }

        private void next(GovernorSnapshot.Account account, long total, long now) {
            if (begun) {
                long countedMore = account.total() - counted;
                long others = Math.max(0, account.byAll() - byAll - countedMore);
                compare(total - seen, countedMore, others, Duration.ofNanos(now - began));
            }
            begun = true;
            began = now;
            seen = total;
            counted = account.total();
            byAll = account.byAll();
            allowed = 0;
            looks = 0;
        }

        private void compare(long sawMore, long countedMore, long others, Duration span) {
            double repaid = source.resource() == Resource.CPU ? 0 : ceiling * CREDIT_SECONDS;
            long over = sawMore + others - (long) allowed;
            if (over > source.resolution() + source.share() * allowed + repaid) {
                // What the ledger has counted stands there already.
                long charged = Math.clamp(sawMore - countedMore, 0, over);
                governor.charge(source.resource(), charged);
                listener.accept(new Violation(source.resource(), ceiling, span, sawMore, countedMore, charged));
            }
        }
    }
}
