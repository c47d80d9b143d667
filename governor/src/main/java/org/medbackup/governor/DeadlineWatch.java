package org.medbackup.governor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;

/**
 * Watches whether a job ends in time: before its window closes, or before a deadline. It is at risk when the rate that it
 * needs has been above the one that it has for five minutes (of a job with little time left, for a quarter of that), or
 * when its time is over. That is said once, as {@link ErrorCode#WINDOW_AT_RISK}.
 *
 * <p>Then {@link RiskPolicy#PROTECT_PRODUCTION} lets it end late. {@link RiskPolicy#PROTECT_RPO} holds the rate that it
 * needs, and a twentieth more, against adaptation until the watch is closed; the rate follows what is needed, and after the
 * deadline stays what it was. Limits that were set, and those of windows, hold all the same.
 *
 * <p>Somebody tells it how far the job is, once in a few seconds; it keeps no thread. Safe for use by several threads.
 */
public final class DeadlineWatch implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long PART_OF_TIME_LEFT = 4;
    private static final long MEASURED_NANOS = Duration.ofMinutes(1).toNanos();
    private static final double MARGIN = 1.05;
    /** Less is no reason to hold another rate. */
    private static final double CHANGE = 0.02;

    private record Sample(long nanos, long done) {}

    private final TimeSource time;
    private final OperationLog log;
    private final RiskPolicy policy;
    private final RateFloor floor;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private long shortSince;
    private long patience;
    private boolean isShort;
    private boolean atRisk;
    private double held;
    private RateFloor.@Nullable Hold hold;

    /**
     * Watches a job that begins.
     *
     * @param log of the job, which says when it is at risk
     * @param floor of what adapts to production
     */
    public DeadlineWatch(TimeSource time, OperationLog log, RiskPolicy policy, RateFloor floor) {
        this.time = time;
        this.log = log;
        this.policy = policy;
        this.floor = floor;
    }

    /**
     * Takes how far the job is.
     *
     * @param done bytes since it began; never less than before
     * @param remaining bytes that are left, as far as is known
     * @param deadline when it should have ended, which may change; such as now and
     *     {@link org.medbackup.core.calendar.BusinessCalendar#timeLeft}
     */
    public synchronized Forecast progress(long done, long remaining, Instant deadline) {
        long nanos = time.nanos();
        samples.addLast(new Sample(nanos, done));
        while (samples.size() > 2 && nanos - second().nanos >= MEASURED_NANOS) {
            samples.removeFirst();
        }
        var forecast = new Forecast(time.now(), remaining, rate(), deadline);
        judge(forecast, nanos);
        return forecast;
    }

    private Sample second() {
        var each = samples.iterator();
        each.next();
        return each.next();
    }

    /** Over the last minute, or since it began. */
    private double rate() {
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        double seconds = (last.nanos - first.nanos) / 1e9;
        return seconds > 0 ? Math.max(0, last.done - first.done) / seconds : 0;
    }

    private void judge(Forecast forecast, long nanos) {
        boolean wasShort = isShort;
        isShort = forecast.isShort();
        if (isShort && !wasShort) {
            shortSince = nanos;
            patience = Math.min(PATIENCE.toNanos(), forecast.timeLeft().toNanos() / PART_OF_TIME_LEFT);
        }
        if (isShort && !atRisk && nanos - shortSince >= patience) {
            atRisk = true;
            log.found(ErrorCode.WINDOW_AT_RISK, facts(forecast));
        }
        if (atRisk && policy == RiskPolicy.PROTECT_RPO) {
            raise(forecast.needed() * MARGIN);
        }
    }

    private void raise(double wanted) {
        if (Double.isInfinite(wanted) || Math.abs(wanted - held) <= held * CHANGE) {
            return;
        }
        RateFloor.Hold before = hold;
        hold = floor.hold((long) Math.ceil(wanted));
        held = wanted;
        if (before != null) {
            before.close();
        }
    }

    private Facts facts(Forecast forecast) {
        Facts facts = Facts.of("remainingBytes", forecast.remaining())
                .and("bytesPerSecond", Math.round(forecast.rate()))
                .and("secondsLeft", forecast.timeLeft().toSeconds())
                .and("policy", policy.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        return forecast.finish().map(at -> facts.and("finish", at)).orElse(facts);
    }

    /** Whether it was said that the job is at risk. */
    public synchronized boolean isAtRisk() {
        return atRisk;
    }

    /** The job is over; nothing is held any more. */
    @Override
    public synchronized void close() {
        if (hold != null) {
            hold.close();
            hold = null;
        }
    }
}
