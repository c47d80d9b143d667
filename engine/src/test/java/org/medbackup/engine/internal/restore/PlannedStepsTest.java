package org.medbackup.engine.internal.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.engine.RestoreSteps;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.pack.PackKind;

/** Steps of restores that are larger than one would keep. */
class PlannedStepsTest {

    private static Fetch fetch(int length) {
        return new Fetch(
                new PackRecord(new byte[16], PackKind.DATA, 0, 0, 1, length, new byte[0]), 0, length, List.of());
    }

    private static RestoreSteps planned(int most, int windows, int reads) {
        var steps = new PlannedSteps(most);
        for (int window = 0; window < windows; window++) {
            var fetches = new ArrayList<Fetch>();
            for (int i = 0; i < reads; i++) {
                fetches.add(fetch(1_000 + i));
            }
            steps.window(fetches);
        }
        return steps.with(7, 2);
    }

    @ParameterizedTest(name = "{0} reads")
    @ValueSource(ints = {1, 16, 17, 100, 1_000, 4_097})
    void whateverTheSizeTheStepsAreFewAndTheirSumsAreRight(int reads) {
        RestoreSteps steps = planned(16, 3, reads);

        assertThat(steps.steps()).hasSizeLessThanOrEqualTo(17);
        assertThat(steps.steps().stream().mapToInt(RestoreSteps.Step::reads).sum())
                .isEqualTo(3 * reads);
        assertThat(steps.fetched()).isEqualTo(7 + 3L * (1_000L * reads + (reads - 1L) * reads / 2));
    }

    @Test
    void aWindowIsNotPutTogetherWithTheNextWhereThereIsRoom() {
        RestoreSteps steps = planned(1_000, 3, 10);

        assertThat(steps.steps()).hasSize(30);
        assertThat(steps.steps()).extracting(RestoreSteps.Step::window).contains(0, 1, 2);
    }

    /** The first ones are not coarser than the last ones. */
    @Test
    void stepsThatArePutTogetherAreAboutAlike() {
        RestoreSteps steps = planned(16, 1, 10_000);

        long most =
                steps.steps().stream().mapToLong(RestoreSteps.Step::reads).max().orElse(0);
        long least = steps.steps().subList(0, steps.steps().size() - 1).stream()
                .mapToLong(RestoreSteps.Step::reads)
                .min()
                .orElse(0);
        assertThat(most).isLessThanOrEqualTo(2 * least);
    }
}
