package org.medbackup.recovery.rotation;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Chooses restore points. Pure: the same points, instant and seed give the same choice. */
public final class PointChoice {

    /** What counts as having aged when it was made just now, so that it can be chosen too. */
    private static final double LEAST_DAYS = 1.0 / 24;

    private final PointRule rule;
    private final long seed;
    private final Instant now;

    /**
     * One.
     *
     * @param seed of the draws
     * @param now from which the age of points is counted
     */
    public PointChoice(PointRule rule, long seed, Instant now) {
        this.rule = rule;
        this.seed = seed;
        this.now = now;
    }

    /**
     * A restore point that can be chosen.
     *
     * @param snapshot its id
     * @param time the moment that it holds
     * @param tested when it was last rehearsed; null for never
     * @param proven whether something, such as a verification, has shown it to be whole
     */
    public record Point(
            String snapshot, Instant time, @Nullable Instant tested, boolean proven) {}

    /**
     * The point of an application; empty where it has none.
     *
     * @param application its name: of several applications each has draws of its own, whatever the others are
     */
    public Optional<Point> of(String application, List<Point> points) {
        Comparator<Point> byTime = Comparator.comparing(Point::time).thenComparing(Point::snapshot);
        return switch (rule) {
            case NEWEST -> points.stream().max(byTime);
            case OLDEST -> points.stream().min(byTime);
            case RANDOM -> drawn(application, points.stream().sorted(byTime).toList());
        };
    }

    private Optional<Point> drawn(String application, List<Point> points) {
        double sum = points.stream().mapToDouble(this::weight).sum();
        double left = new SplittableRandom(seed(seed, application)).nextDouble() * sum;
        for (Point each : points) {
            left -= weight(each);
            if (left < 0) {
                return Optional.of(each);
            }
        }
        // What rounding leaves is the last one's.
        return points.isEmpty() ? Optional.empty() : Optional.of(points.getLast());
    }

    private double weight(Point point) {
        Instant tested = point.tested();
        Duration age = Duration.between(tested == null ? point.time() : tested, now);
        double days = Math.max(LEAST_DAYS, age.toMillis() / 86_400_000.0);
        return days * (tested == null && !point.proven() ? 2 : 1);
    }

    static long seed(long seed, String name) {
        var sum = new CRC32();
        sum.update(name.getBytes(StandardCharsets.UTF_8));
        return seed ^ sum.getValue() * 0x9E3779B97F4A7C15L;
    }
}
