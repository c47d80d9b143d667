package org.medbackup.recovery.learn;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.medbackup.recovery.simulate.Stage;

/**
 * What drills of one target have taught, at one moment: by how much restores take longer than their simulation says, and how
 * long starts, replays and checks take. Old lessons count less, half as much after thirty days; one that is far from all others
 * is drawn in. Where there are few, what is thought beforehand counts too, and the spread is wide. Pure; safe for use by
 * several threads.
 */
public final class Experience {

    private static final double HALF_LIFE = Duration.ofDays(30).toSeconds();

    /** So many drills weighs what is thought beforehand of how much times spread. */
    private static final double OF_BEFORE = 2;

    /** So many drills weighs the thought that a simulation is right as it is. */
    private static final double OF_RIGHT = 0.5;

    /** By what share times of restores of small files differ, whatever limits them, where no drill has shown it yet. */
    private static final double SMALL_FILES = 0.1;

    /** Of a restore of so many seconds the half second that limits repay says nothing; a shorter one teaches less. */
    private static final double LONG_ENOUGH = 10;

    /** A stage of the very same application says so many times as much as one of another of its kind. */
    private static final double OWN = 4;

    private final List<Lesson> lessons;
    private final Instant now;

    /**
     * That of some drills.
     *
     * @param lessons of one target
     * @param now against which their age counts
     */
    public Experience(List<Lesson> lessons, Instant now) {
        this.lessons = List.copyOf(lessons);
        this.now = now;
    }

    /** Without any drill. */
    public static Experience none() {
        return new Experience(List.of(), Instant.EPOCH);
    }

    /**
     * How a prediction is to be mended.
     *
     * @param factor by which what was simulated is multiplied
     * @param spread by what share times differ from that: two of three lie within it
     * @param drills how many lessons it was learned from
     */
    public record Correction(double factor, double spread, int drills) {}

    private double weight(Lesson lesson) {
        double age = Math.max(0, Duration.between(lesson.time(), now).toSeconds());
        return Math.pow(0.5, age / HALF_LIFE);
    }

    /**
     * Of restores that this decides.
     *
     * @param small of small files
     */
    public Correction restore(Limiting limiting, boolean small) {
        List<Lesson> of = lessons.stream()
                .filter(each -> each.stage() == Stage.RESTORE
                        && each.limiting() == limiting
                        && each.small() == small
                        && each.model() > 0
                        && each.actual() > 0)
                .toList();
        double[] logs = of.stream()
                .mapToDouble(each -> Math.log(each.actual() / each.model()))
                .toArray();
        double[] weights = of.stream()
                .mapToDouble(each -> weight(each) * Math.min(1, each.model() / LONG_ENOUGH))
                .toArray();
        return correction(drawnIn(logs), weights, small ? Math.max(SMALL_FILES, before(limiting)) : before(limiting));
    }

    /** By what share times of stages differ, where no drill has shown it yet. */
    private static double before(Limiting limiting) {
        return switch (limiting) {
            case READ, WRITE -> 0.03;
            case PROCESSOR -> 0.1;
            case NOTHING -> 0.18;
        };
    }

    private static Correction correction(double[] logs, double[] weights, double before) {
        double weight = Arrays.stream(weights).sum();
        double sum = 0;
        for (int i = 0; i < logs.length; i++) {
            sum += weights[i] * logs[i];
        }
        double mean = sum / (weight + OF_RIGHT);
        double squares = OF_BEFORE * Math.log1p(before) * Math.log1p(before);
        for (int i = 0; i < logs.length; i++) {
            squares += weights[i] * (logs[i] - mean) * (logs[i] - mean);
        }
        // Of few drills the mean itself is not known well.
        double variance = squares / (OF_BEFORE + weight);
        double spread = Math.expm1(Math.sqrt(variance * (1 + 1 / (OF_BEFORE + weight))));
        return new Correction(Math.exp(mean), spread, logs.length);
    }

    /** Those that are further from the median than three times as most others are, as far as that. */
    private static double[] drawnIn(double[] logs) {
        if (logs.length < 3) {
            return logs;
        }
        double median = median(logs);
        double usual = Math.max(
                0.02,
                median(Arrays.stream(logs).map(each -> Math.abs(each - median)).toArray()));
        return Arrays.stream(logs)
                .map(each -> Math.clamp(each, median - 4.5 * usual, median + 4.5 * usual))
                .toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /**
     * How long a stage usually takes.
     *
     * @param seconds of it
     * @param spread by what share that is not known: two of three lie within it
     */
    public record Usual(double seconds, double spread) {}

    /**
     * How long a start, a replay or a check takes: a part that is always the same and one that goes with its work, both at
     * least zero, by least squares of relative errors over the drills of applications of this kind, and over the thought
     * beforehand, which few drills outweigh.
     *
     * @param application in the plan
     * @param kind of it
     * @param work that it goes with
     */
    public Usual stage(Stage stage, String application, String kind, double work) {
        List<Lesson> of = lessons.stream()
                .filter(each -> each.stage() == stage && each.kind().equals(kind) && each.actual() > 0)
                .toList();
        Line before = Line.before(stage);
        double[] works = new double[of.size() + 2];
        double[] seconds = new double[works.length];
        double[] weights = new double[works.length];
        for (int i = 0; i < of.size(); i++) {
            Lesson each = of.get(i);
            works[i] = each.work();
            seconds[i] = each.actual();
            weights[i] = weight(each) * (each.application().equals(application) ? OWN : 1);
        }
        double largest = Math.max(1, Math.max(work, Arrays.stream(works).max().orElse(0)));
        for (int i = 0; i < 2; i++) {
            works[of.size() + i] = i * largest;
            seconds[of.size() + i] = before.at(i * largest);
            weights[of.size() + i] = 0.02;
        }
        Line line = Line.through(works, seconds, weights);
        double[] errors = new double[of.size()];
        for (int i = 0; i < errors.length; i++) {
            errors[i] = Math.log(seconds[i] / Math.max(1e-6, line.at(works[i])));
        }
        double spread = correction(drawnIn(errors), Arrays.copyOf(weights, of.size()), of.isEmpty() ? 0.8 : 0.15)
                .spread();
        return new Usual(line.at(work), spread);
    }

    /** A part that is always the same, and one that goes with the work. */
    private record Line(double fixed, double perWork) {

        double at(double work) {
            return fixed + perWork * work;
        }

        static Line before(Stage stage) {
            return switch (stage) {
                case PROVISION, RECALL -> new Line(0, 0);
                case RESTORE -> new Line(1, 1e-8);
                // A server comes up within seconds; log is replayed at some 50 MB, and tables are read at some 200 MB a
                // second.
                case START -> new Line(1, 0);
                case REPLAY -> new Line(1, 2e-8);
                case CHECK -> new Line(0.3, 5e-9);
            };
        }

        /** By least squares of relative errors; where a part would be below zero, the other one alone. */
        static Line through(double[] works, double[] seconds, double[] weights) {
            double a = 0;
            double b = 0;
            double c = 0;
            double d = 0;
            double e = 0;
            for (int i = 0; i < works.length; i++) {
                double scale = weights[i] / Math.max(1e-9, seconds[i] * seconds[i]);
                a += scale;
                b += scale * works[i];
                c += scale * works[i] * works[i];
                d += scale * seconds[i];
                e += scale * works[i] * seconds[i];
            }
            double determinant = a * c - b * b;
            if (determinant > 1e-12 * a * c) {
                double fixed = (d * c - e * b) / determinant;
                double perWork = (a * e - b * d) / determinant;
                if (fixed >= 0 && perWork >= 0) {
                    return new Line(fixed, perWork);
                }
            }
            Line level = new Line(d / a, 0);
            Line steep = new Line(0, c > 0 ? e / c : 0);
            return error(level, works, seconds, weights) <= error(steep, works, seconds, weights) ? level : steep;
        }

        private static double error(Line line, double[] works, double[] seconds, double[] weights) {
            double error = 0;
            for (int i = 0; i < works.length; i++) {
                double relative = (line.at(works[i]) - seconds[i]) / Math.max(1e-6, seconds[i]);
                error += weights[i] * relative * relative;
            }
            return error;
        }
    }

    /** How many lessons there are. */
    public int size() {
        return lessons.size();
    }
}
