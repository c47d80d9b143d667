package org.medbackup.governor.adapt;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.spi.signal.ProductionSignal;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.governor.Governor;
import org.medbackup.governor.LimitKind;
import org.medbackup.governor.LimitName;
import org.medbackup.governor.Limits;
import org.medbackup.governor.Protection;
import org.medbackup.governor.RateFloor;
import org.medbackup.governor.signal.Signals;

/**
 * Backups yield to production by themselves: reads the signals of what is protected, and sets a rule of the governor that is
 * never above the limits that were set. Measures in short pauses what backups do to production.
 *
 * <p>Tells {@code SIGNAL_LOST} and {@code IMPACT_BOUND_MISSED} as findings, {@code throttled} and {@code recovered} as
 * phases. Safe for use by several threads.
 */
public final class Adaptation implements RateFloor, AutoCloseable {

    /** The governor's rule, as its status names it. */
    public static final String RULE = "adaptive";

    private static final Duration LEASE = Duration.ofSeconds(2);

    private final Governor governor;
    private final Tuning tuning;
    private final TimeSource time;
    private final Announcer announcer;
    private final Loop loop;
    private final List<Prober> probers = new ArrayList<>();
    private final List<Minimum> minimums = new ArrayList<>();
    private final DecisionLease lease;
    private final Thread thread;
    private boolean closed;

    private Adaptation(
            Governor governor,
            List<Protection> protections,
            List<ProductionSignal> signals,
            Tuning tuning,
            EventSink events,
            TimeSource time,
            Entropy entropy) {
        this.governor = governor;
        this.tuning = tuning;
        this.time = time;
        this.announcer = new Announcer(events, time, HexFormat.of().formatHex(entropy.bytes(8)));
        long seed = new java.math.BigInteger(entropy.bytes(8)).longValue();
        loop = new Loop(
                tuning,
                protections,
                signals.stream().map(ProductionSignal::unit).toList(),
                seed,
                time.nanos(),
                announcer);
        for (int i = 0; i < signals.size(); i++) {
            probers.add(new Prober(signals.get(i), time, protections.get(i).every(), tuning.timeout()));
        }
        lease = new DecisionLease(governor, RULE, limits(tuning.floor()), LEASE, time);
        thread = Thread.ofPlatform().daemon().name("adaptation").start(this::run);
    }

    /**
     * Begins to protect. Until it is known how production does without a backup, backups go at the lowest rate.
     *
     * @param protections at least one
     * @param events hears what happens
     * @throws org.medbackup.core.error.UsageException where a signal's address cannot be one
     */
    public static Adaptation start(Governor governor, List<Protection> protections, Tuning tuning, EventSink events) {
        List<ProductionSignal> signals = new ArrayList<>();
        try {
            for (Protection protection : protections) {
                signals.add(Signals.open(protection.signal(), TimeSource.system(), tuning.timeout()));
            }
        } catch (RuntimeException wrong) {
            signals.forEach(ProductionSignal::close);
            throw wrong;
        }
        return start(governor, protections, signals, tuning, events, TimeSource.system(), Entropy.system());
    }

    static Adaptation start(
            Governor governor,
            List<Protection> protections,
            List<ProductionSignal> signals,
            Tuning tuning,
            EventSink events,
            TimeSource time,
            Entropy entropy) {
        if (protections.isEmpty()) {
            throw ErrorCode.INVALID_SIGNAL.because("nothing is named that is to be protected");
        }
        return new Adaptation(governor, protections, signals, tuning, events, time, entropy);
    }

    /** What is read ends in packs that are stored whole: on a disk they are written no faster than they are filled. */
    private Limits limits(long rate) {
        var limits = new TreeMap<>(Map.of(new LimitName(LimitKind.of(tuning.steered())), rate));
        if (tuning.steered() == Throttle.Resource.DISK_READ) {
            limits.put(new LimitName(LimitKind.DISK_WRITE), rate);
        }
        return new Limits(limits);
    }

    private void run() {
        try {
            while (true) {
                lease.decide(limits(step()));
                time.sleep(Duration.ofNanos(untilNext()));
            }
        } catch (CancelledException over) {
            // Closed.
        }
    }

    private synchronized long untilNext() {
        return Math.max(1, loop.next() - time.nanos());
    }

    private synchronized long step() {
        long now = time.nanos();
        for (int i = 0; i < probers.size(); i++) {
            for (Prober.Taken taken : probers.get(i).take(now)) {
                loop.take(i, taken.sample(), taken.begun());
            }
        }
        LimitKind kind = LimitKind.of(tuning.steered());
        return loop.step(
                now,
                governor.limitsWithout(RULE).of(kind).orElse(Limits.NONE),
                governor.used(tuning.steered()),
                minimums.stream().mapToLong(minimum -> minimum.rate).max().orElse(0));
    }

    /**
     * Holds a rate that is not gone below, whatever production says, until it is closed: while a snapshot is open or an
     * application in backup mode, taking longer hurts production more. Hard limits still hold.
     *
     * @param bytesPerSecond of what is steered
     */
    @Override
    public synchronized Hold hold(long bytesPerSecond) {
        var minimum = new Minimum(bytesPerSecond);
        minimums.add(minimum);
        return minimum;
    }

    private final class Minimum implements Hold {

        private final long rate;

        Minimum(long rate) {
            this.rate = rate;
        }

        @Override
        public void close() {
            synchronized (Adaptation.this) {
                minimums.remove(this);
            }
        }
    }

    /**
     * What holds now.
     *
     * @param rate bytes a second
     * @param reason why
     * @param paused whether it is a pause that measures the impact
     * @param setpoint part of what is allowed that is made use of; less than 1 where it was not sure that the bound is kept
     */
    public record Status(long rate, Reason reason, boolean paused, double setpoint) {}

    /** What holds now. */
    public synchronized Status status() {
        return new Status(loop.rate(), loop.reason(), loop.isPaused(), loop.setpoint());
    }

    /** What was measured so far, for each that is protected, in their order. */
    public synchronized List<ImpactReport> reports() {
        return loop.reports();
    }

    /** For tests: what must not be missed when it dies. */
    Thread thread() {
        return thread;
    }

    /**
     * Ends it: the rule is taken away, the signals are closed. What was measured can still be asked for. May come twice.
     *
     * @throws RuntimeException what the listener threw when it could not keep an event
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        thread.interrupt();
        lease.close();
        probers.forEach(Prober::close);
        announcer.rethrow();
    }
}
