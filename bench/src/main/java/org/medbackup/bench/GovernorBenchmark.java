package org.medbackup.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.linux.CpuTime;

/**
 * How exactly a rate is kept, by ours and by each other limiter that is found, in one run: the fullest window of one second,
 * wherever it begins, by a record that knows nothing of the limiter; the mean; and processor time for each 10^9 bytes, the
 * record included. All ask for pieces of the same size, what the rate allows in two milliseconds, after they have been idle:
 * that is when a bucket is full.
 */
final class GovernorBenchmark {

    private static final long SECOND = 1_000_000_000;
    private static final Duration IDLE = Duration.ofMillis(1200);
    private static final int PIECES_A_SECOND = 500;
    // Of which grants of ours for networks are multiples.
    private static final int LEAST_PIECE = 512;
    private static final int LARGEST_PIECE = 1 << 20;

    private final List<Long> rates;
    private final List<Integer> threads;
    private final Duration span;
    private final boolean together;
    private final TimeSource time = TimeSource.system();

    private GovernorBenchmark(List<Long> rates, List<Integer> threads, Duration span, boolean together) {
        this.rates = rates;
        this.threads = threads;
        this.span = span;
        this.together = together;
    }

    static GovernorBenchmark of(Benchmarks.Size size) {
        return size.rounds() > Benchmarks.Size.SMALL.rounds()
                ? new GovernorBenchmark(
                        List.of(1_000_000L, 10_000_000L, 100_000_000L, SECOND),
                        List.of(1, 4, 8),
                        Duration.ofSeconds(5),
                        false)
                : new GovernorBenchmark(List.of(10_000_000L), List.of(4), Duration.ofMillis(1100), true);
    }

    /** When something was used, and how much of it was the same each time. */
    private record Uses(List<long[]> times, int piece) {

        /** All of them in their order. */
        long[] sorted() {
            return times.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        }

        /** The most that a window of a second holds. */
        long fullest() {
            long[] sorted = sorted();
            int most = 0;
            int first = 0;
            for (int last = 0; last < sorted.length; last++) {
                while (sorted[last] - sorted[first] >= SECOND) {
                    first++;
                }
                most = Math.max(most, last - first + 1);
            }
            return (long) most * piece;
        }

        long total() {
            return times.stream().mapToLong(each -> each.length).sum() * piece;
        }
    }

    Measurement run() {
        List<Limiter> limiters = new ArrayList<>(List.of(new GovernedLimiter()));
        ServiceLoader.load(Limiter.class).forEach(limiters::add);
        var ours = new ArrayList<Double>();
        Map<String, Double> details = new TreeMap<>();
        details.put("seconds", span.toMillis() / 1e3);
        for (long rate : rates) {
            for (int count : threads) {
                measure(limiters, rate, count, ours, details);
            }
        }
        details.put("highest", ours.stream().mapToDouble(each -> each).max().orElseThrow());
        return Measurement.of("governor", "of the limit in the fullest second", ours, details);
    }

    private void measure(List<Limiter> limiters, long rate, int count, List<Double> ours, Map<String, Double> details) {
        Map<Limiter, Limiter.Opened> opened = new LinkedHashMap<>();
        limiters.forEach(limiter -> opened.put(limiter, limiter.open(rate)));
        time.sleep(IDLE);
        List<Callable<Map<String, Double>>> measures = new ArrayList<>();
        opened.forEach((limiter, each) ->
                measures.add(() -> figures(prefix(limiter.name(), rate, count), each, rate, count)));
        // Processor time is that of the process, so it is told of one limiter at a time only.
        run(together ? measures.size() : 1, measures).forEach(details::putAll);
        ours.add(Objects.requireNonNull(details.get(prefix(GovernedLimiter.NAME, rate, count) + "highest")));
    }

    private static String prefix(String name, long rate, int count) {
        return String.format(Locale.ROOT, "%s.%dMB/s.%d threads.", name, rate / 1_000_000, count);
    }

    private Map<String, Double> figures(String prefix, Limiter.Opened limiter, long rate, int count) {
        long cpu = CpuTime.ofProcess().toNanos();
        long begun = time.nanos();
        Uses uses = use(limiter, rate, count);
        double seconds = (time.nanos() - begun) / 1e9;
        double used = (CpuTime.ofProcess().toNanos() - cpu) / 1e9;
        limiter.close();
        Map<String, Double> figures = new TreeMap<>();
        figures.put(prefix + "highest", (double) uses.fullest() / rate);
        figures.put(prefix + "mean", uses.total() / seconds / rate);
        if (!together) {
            figures.put(prefix + "cpuSecondsPerGB", used / (uses.total() / 1e9));
        }
        return figures;
    }

    /** Runs tasks by so many threads, and gives what they gave in their order. */
    private static <T> List<T> run(int count, List<Callable<T>> tasks) {
        try (ExecutorService pool = Executors.newFixedThreadPool(count)) {
            List<T> results = new ArrayList<>();
            for (Future<T> task : pool.invokeAll(tasks)) {
                results.add(task.get());
            }
            return results;
        } catch (InterruptedException | ExecutionException failed) {
            throw ErrorCode.INTERNAL.because("a limiter failed while it was measured", failed);
        }
    }

    private Uses use(Limiter.Opened limiter, long rate, int count) {
        int piece = Math.clamp(rate / PIECES_A_SECOND, LEAST_PIECE, LARGEST_PIECE) / LEAST_PIECE * LEAST_PIECE;
        long end = time.nanos() + span.toNanos();
        return new Uses(run(count, Collections.nCopies(count, () -> times(limiter, piece, end))), piece);
    }

    private long[] times(Limiter.Opened limiter, int piece, long end) {
        var at = new ArrayList<Long>();
        while (time.nanos() < end) {
            limiter.pass(piece, () -> at.add(time.nanos()));
        }
        return at.stream().mapToLong(each -> each).toArray();
    }
}
