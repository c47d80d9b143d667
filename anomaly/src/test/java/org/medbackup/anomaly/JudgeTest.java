package org.medbackup.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.content.SourceSigns;
import org.medbackup.corpus.SeededRandom;

/** Which runs are suspect. */
class JudgeTest {

    private static final long FILES = 10_000;
    private static final long BYTES = 10L << 30;
    private static final SourceSigns QUIET = run(100, 20, 0, 0, 0);

    /** A run of a source of 10,000 files and 10 GiB. */
    private static SourceSigns run(long changed, long deleted, long randomPercent, long swept, long strange) {
        long read = changed << 20;
        return new SourceSigns(
                FILES,
                BYTES,
                20,
                changed,
                deleted,
                0,
                read,
                read / 2,
                read / 8,
                read,
                read * randomPercent / 100,
                swept,
                swept << 20,
                strange,
                0,
                true);
    }

    private static List<PastRun> past(int count, SourceSigns of) {
        return Collections.nCopies(count, new PastRun(of, false));
    }

    @Test
    void aQuietDayAmongQuietDaysIsNothing() {
        assertThat(Judge.judge(QUIET, past(30, QUIET))).isEqualTo(new Verdict(false, java.util.Set.of(), 30));
        assertThat(Judge.judge(QUIET, List.of()).alarm()).isFalse();
    }

    @Test
    void aSweepNeedsNoPast() {
        Verdict verdict = Judge.judge(run(100, 0, 50, 20, 0), List.of());

        assertThat(verdict.alarm()).isTrue();
        assertThat(verdict.signs()).containsExactly(Sign.SWEEP);
        assertThat(Judge.judge(run(100, 0, 50, 19, 0), List.of()).alarm()).isFalse();
    }

    @Test
    void mostFilesOfASmallSourceAreASweepToo() {
        var small =
                new SourceSigns(5, 50_000, 0, 4, 0, 0, 40_000, 40_000, 41_000, 40_000, 40_000, 4, 40_000, 0, 0, true);
        var one = new SourceSigns(
                1, 9 << 20, 0, 1, 0, 0, 9 << 20, 9 << 20, 9 << 20, 9 << 20, 9 << 20, 1, 9 << 20, 0, 0, true);

        assertThat(Judge.judge(small, List.of()).signs()).contains(Sign.SWEEP);
        assertThat(Judge.judge(one, List.of()).signs()).contains(Sign.SWEEP);
    }

    @Test
    void whatAPersonHasClearedCountsAsUsual() {
        SourceSigns encrypting = run(100, 0, 50, 200, 0);
        var past = new ArrayList<>(past(5, QUIET));
        past.add(new PastRun(encrypting, true));

        assertThat(Judge.judge(encrypting, past).alarm()).isFalse();
        assertThat(Judge.judge(run(100, 0, 50, 600, 0), past).alarm()).isTrue();
        assertThat(Judge.judge(run(100, 0, 0, 5, 0), past).alarm()).isFalse();
    }

    @Test
    void aFewFilesADayAreFoundWhenTheyAreMany() {
        SourceSigns slow = run(100, 20, 1, 6, 0);

        assertThat(Judge.judge(slow, past(8, slow)).alarm()).isFalse();
        assertThat(Judge.judge(slow, past(9, slow)).signs()).containsExactly(Sign.SLOW_SWEEP);
        assertThat(Judge.judge(QUIET, past(20, slow)).alarm()).isFalse();
    }

    @Test
    void newNamesInPlaceOfOldOnesAreASignAndNewNamesAloneAreNot() {
        assertThat(Judge.judge(run(100, 40, 9, 0, 40), past(3, QUIET)).signs()).containsExactly(Sign.NEW_EXTENSION);
        assertThat(Judge.judge(run(100, 5, 9, 0, 40), past(3, QUIET)).alarm()).isFalse();
        assertThat(Judge.judge(run(100, 40, 9, 0, 40), past(3, run(100, 20, 9, 0, 20)))
                        .alarm())
                .isFalse();
    }

    @Test
    void aCanaryIsEnough() {
        var touched = new SourceSigns(9, 9, 0, 1, 0, 0, 9, 9, 9, 9, 0, 0, 0, 0, 1, true);

        assertThat(Judge.judge(touched, past(30, QUIET)).signs()).contains(Sign.CANARY);
    }

    @Test
    void oneUnusualFigureIsABusyDayAndRandomContentWithAnotherOneIsMore() {
        List<PastRun> usual = past(14, QUIET);

        assertThat(Judge.judge(run(5000, 20, 0, 0, 0), usual)).satisfies(busy -> {
            assertThat(busy.alarm()).isFalse();
            assertThat(busy.signs()).containsExactly(Sign.CHANGED_BYTES);
        });
        assertThat(Judge.judge(run(100, 20, 60, 0, 0), usual).alarm()).isFalse();
        assertThat(Judge.judge(run(5000, 20, 60, 0, 0), usual)).satisfies(worse -> {
            assertThat(worse.alarm()).isTrue();
            assertThat(worse.signs()).containsExactly(Sign.RANDOM_CONTENT, Sign.CHANGED_BYTES);
        });
        assertThat(Judge.judge(run(5000, 20, 60, 0, 0), past(13, QUIET)).alarm())
                .as("nothing is unusual yet")
                .isFalse();
    }

    @Test
    void whoeverDeletesMostFilesIsFound() {
        assertThat(Judge.judge(run(100, 3000, 0, 0, 0), past(14, QUIET)).alarm())
                .isFalse();
        assertThat(Judge.judge(run(100, 12_000, 0, 0, 0), past(14, QUIET)).signs())
                .containsExactly(Sign.DELETIONS);
    }

    @Test
    void whatIsStoredAnewAndCannotBeCompressedIsSeen() {
        var noise = new SourceSigns(
                FILES, BYTES, 20, 100, 20, 0, 100 << 20, 100 << 20, 100 << 20, 100 << 20, 90 << 20, 0, 0, 0, 0, true);

        assertThat(Judge.judge(noise, past(14, QUIET)).signs())
                .containsExactly(Sign.RANDOM_CONTENT, Sign.DEDUPLICATION, Sign.COMPRESSION);
    }

    @Test
    void afterALossOfMemoryEverythingIsReadAndThatIsNotUnusual() {
        var first = new SourceSigns(
                FILES, BYTES, FILES, 0, 0, 0, BYTES, BYTES, BYTES, BYTES, BYTES / 2, 0, 0, 900, 0, false);

        assertThat(Judge.judge(first, past(30, QUIET)).alarm()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aYearOfOrdinaryDaysHasNoAlarm(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        var past = new ArrayList<PastRun>();
        for (int day = 0; day < 365; day++) {
            // Weekends are quiet, month ends are busy, and there is more from month to month.
            long changed = day % 7 > 4 ? random.between(2, 20) : random.between(80, 160) + day / 3;
            changed = day % 30 == 29 ? 4 * changed : changed;
            SourceSigns run =
                    run(changed, random.between(0, 60), random.between(0, 12), random.below(2), random.below(4));

            Verdict verdict = Judge.judge(run, past);

            assertThat(verdict.alarm()).as("day " + day + ": " + verdict).isFalse();
            past.add(new PastRun(run, false));
        }
    }

    @Test
    void signsSayWhatTheyAreInWords() {
        for (Sign each : Sign.values()) {
            assertThat(each.text()).isNotBlank().doesNotEndWith(".");
        }
        assertThat(Sign.valueOf("CANARY").text()).startsWith("a canary file");
    }
}
