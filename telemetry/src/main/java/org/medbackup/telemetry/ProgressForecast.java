package org.medbackup.telemetry;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.event.BackupEvent;

/**
 * How long a run still takes, from how it got on so far. It looks at the rate of each stretch of the last minutes: half of the
 * stretches were at least as fast as the rate behind {@link Forecast#likely}, nine of ten as fast as that behind
 * {@link Forecast#atMost}. Until there are five stretches nothing is forecast. Not safe for use by several threads.
 */
public final class ProgressForecast {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration MEMORY = Duration.ofMinutes(10);
    private static final Duration STRETCH = Duration.ofSeconds(1);
    private static final int ENOUGH = 5;
    private static final int MOST = 600;

    private final Deque<BackupEvent.Progress> seen = new ArrayDeque<>();

    /** Nothing is known yet. */
    public ProgressForecast() {}

    /**
     * What is to be expected.
     *
     * @param rate bytes a second over the last minute; negative where it is not known
     * @param likely how long it takes as likely as not; null where it is not known
     * @param atMost how long it takes with nine chances of ten; null where it is not known
     */
    public record Forecast(
            double rate,
            @Nullable Duration likely,
            @Nullable Duration atMost) {}

    /** Takes what a run says, in its order; what comes within a second of the last is only the newer state of it. */
    public Forecast add(BackupEvent.Progress progress) {
        BackupEvent.Progress last = seen.peekLast();
        if (last != null && progress.bytes() < last.bytes()) {
            // It began anew.
            seen.clear();
        } else if (last != null && seen.size() > 1 && between(last, progress).compareTo(STRETCH) < 0) {
            return forecast(progress);
        }
        seen.addLast(progress);
        while (seen.size() > MOST || between(seen.getFirst(), progress).compareTo(MEMORY) > 0) {
            seen.removeFirst();
        }
        return forecast(progress);
    }

    private static Duration between(BackupEvent.Progress from, BackupEvent.Progress to) {
        return Duration.between(from.time(), to.time());
    }

    private Forecast forecast(BackupEvent.Progress now) {
        double rate = rateOfMinute(now);
        List<Double> rates = rates();
        if (rates.size() < ENOUGH || now.totalBytes() < 0) {
            return new Forecast(rate, null, null);
        }
        Collections.sort(rates);
        long left = Math.max(0, now.totalBytes() - now.bytes());
        return new Forecast(rate, time(left, quantile(rates, 0.5)), time(left, quantile(rates, 0.1)));
    }

    private double rateOfMinute(BackupEvent.Progress now) {
        for (BackupEvent.Progress each : seen) {
            Duration since = between(each, now);
            if (since.compareTo(MINUTE) <= 0 && since.isPositive()) {
                return (now.bytes() - each.bytes()) / seconds(since);
            }
        }
        return -1;
    }

    /** Of each stretch; the times are those of events, which a clock that was set back may turn round. */
    private List<Double> rates() {
        List<Double> rates = new ArrayList<>();
        BackupEvent.Progress before = null;
        for (BackupEvent.Progress each : seen) {
            if (before != null && between(before, each).isPositive()) {
                rates.add((each.bytes() - before.bytes()) / seconds(between(before, each)));
            }
            before = each;
        }
        return rates;
    }

    private static double quantile(List<Double> sorted, double part) {
        return sorted.get((int) Math.floor(part * (sorted.size() - 1)));
    }

    /** A stretch in which nothing came says nothing of when the rest does. */
    private static @Nullable Duration time(long left, double rate) {
        if (left == 0) {
            return Duration.ZERO;
        }
        return rate <= 0 ? null : Duration.ofMillis(Math.round(left / rate * 1000));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
