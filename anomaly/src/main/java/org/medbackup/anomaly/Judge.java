package org.medbackup.anomaly;

import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.medbackup.core.content.SourceSigns;

/**
 * Judges a run by what it measured and by its source's past. Before {@link #RUNS} runs only absolute signs count. Pure: the same
 * numbers give the same verdict.
 */
public final class Judge {

    /** With fewer runs nothing is known to be unusual. */
    public static final int RUNS = Baseline.FEWEST;

    /** So many runs of the past count, the newest ones. */
    public static final int WINDOW = 60;

    private static final long SWEPT = 20;
    private static final long SWEPT_OF_FEW = 3;
    private static final long SWEPT_SLOWLY = 60;
    private static final int SLOW_RUNS = 30;
    private static final long STRANGE = 20;
    private static final long MEBIBYTE = 1L << 20;
    private static final long ENOUGH = 64 << 10;
    private static final double MOST_GONE = 0.5;

    /** What a source did before and a person found to be right may be done threefold. */
    private static final long AS_BEFORE = 3;

    private Judge() {}

    /**
     * Judges a run.
     *
     * @param past runs of the same source that are under no suspicion, oldest first
     */
    public static Verdict judge(SourceSigns run, List<PastRun> past) {
        List<PastRun> window = past.subList(Math.max(0, past.size() - WINDOW), past.size());
        List<SourceSigns> runs = window.stream().map(PastRun::signs).toList();
        Set<Sign> signs = EnumSet.noneOf(Sign.class);
        if (run.canaries() > 0) {
            signs.add(Sign.CANARY);
        }
        long before = most(runs, SourceSigns::swept);
        if (isSweep(run, before)) {
            signs.add(Sign.SWEEP);
        }
        if (!signs.contains(Sign.SWEEP) && isSlowSweep(run, window, before)) {
            signs.add(Sign.SLOW_SWEEP);
        }
        // In a first run everything is new.
        List<SourceSigns> compared = runs.stream().filter(SourceSigns::compared).toList();
        boolean replaced = run.compared() && 2 * run.deleted() >= run.strange();
        if (replaced && run.strange() >= Math.max(STRANGE, AS_BEFORE * most(compared, SourceSigns::strange))) {
            signs.add(Sign.NEW_EXTENSION);
        }
        boolean absolute = !signs.isEmpty();
        if (run.compared()) {
            unusual(run, compared, signs);
        }
        return new Verdict(absolute || isUnusualEnough(run, signs), signs, runs.size());
    }

    private static boolean isSweep(SourceSigns run, long before) {
        boolean many = run.swept() >= Math.max(SWEPT, AS_BEFORE * before);
        boolean most = run.swept() >= SWEPT_OF_FEW && 2 * run.swept() >= run.files();
        boolean large = run.sweptBytes() >= MEBIBYTE && 2 * run.sweptBytes() >= run.bytes();
        return many || before == 0 && (most || large);
    }

    private static boolean isSlowSweep(SourceSigns run, List<PastRun> window, long before) {
        long swept = run.swept();
        for (int i = window.size() - 1; i >= Math.max(0, window.size() - SLOW_RUNS + 1); i--) {
            PastRun each = window.get(i);
            if (each.cleared()) {
                // Whoever cleared it has looked at all that was before, too.
                break;
            }
            swept += each.signs().swept();
        }
        return run.swept() > 0 && swept >= Math.max(SWEPT_SLOWLY, AS_BEFORE * before);
    }

    private static long most(List<SourceSigns> runs, ToLongFunction<SourceSigns> figure) {
        return runs.stream().mapToLong(figure).max().orElse(0);
    }

    private record Figure(Sign sign, double least, Function<SourceSigns, OptionalDouble> of) {}

    private static final List<Figure> FIGURES = List.of(
            new Figure(Sign.RANDOM_CONTENT, 0.25, run -> share(run.random(), run.looked(), ENOUGH)),
            new Figure(Sign.CHANGED_BYTES, 0.1, run -> share(run.read(), run.bytes(), 1)),
            new Figure(Sign.DELETIONS, 0.1, Judge::gone),
            new Figure(Sign.DEDUPLICATION, 0.3, run -> share(run.fresh(), run.read(), MEBIBYTE)),
            new Figure(Sign.COMPRESSION, 0.25, run -> share(run.stored(), run.fresh(), MEBIBYTE)));

    private static OptionalDouble share(long part, long whole, long least) {
        return whole < least ? OptionalDouble.empty() : OptionalDouble.of((double) part / whole);
    }

    private static OptionalDouble gone(SourceSigns run) {
        return share(run.deleted(), run.files() - run.added() + run.deleted(), 1);
    }

    private static void unusual(SourceSigns run, List<SourceSigns> runs, Set<Sign> signs) {
        for (Figure figure : FIGURES) {
            OptionalDouble value = figure.of().apply(run);
            if (value.isPresent() && Baseline.of(runs, figure.of()).isExceededBy(value.getAsDouble(), figure.least())) {
                signs.add(figure.sign());
            }
        }
    }

    /** One unusual figure is an unusual day; random content with another one, or most files gone, is more. */
    private static boolean isUnusualEnough(SourceSigns run, Set<Sign> signs) {
        boolean emptied = signs.contains(Sign.DELETIONS) && gone(run).orElse(0) > MOST_GONE;
        return emptied || signs.contains(Sign.RANDOM_CONTENT) && signs.size() > 1;
    }
}
