package org.medbackup.recovery.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.medbackup.recovery.simulate.Resource;
import org.medbackup.recovery.simulate.Stage;

/** What drills teach. */
class ExperienceTest {

    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    private static Lesson restore(Duration ago, Limiting limiting, double model, double actual) {
        return new Lesson(NOW.minus(ago), "ward", "files", Stage.RESTORE, limiting, false, 1e9, model, actual);
    }

    private static Lesson check(String application, double work, double actual) {
        return new Lesson(
                NOW.minus(Duration.ofDays(1)),
                application,
                "postgresql",
                Stage.CHECK,
                Limiting.NOTHING,
                false,
                work,
                0,
                actual);
    }

    @Test
    void whereNoDrillWasNothingIsMendedAndTheSpreadIsWide() {
        Experience.Correction free = Experience.none().restore(Limiting.NOTHING, false);
        Experience.Correction paced = Experience.none().restore(Limiting.READ, false);

        assertThat(free.factor()).isEqualTo(1);
        assertThat(free.spread()).isGreaterThan(0.2);
        assertThat(paced.spread()).as("what a limit decides is known").isLessThan(0.05);
        assertThat(free.drills()).isZero();
        assertThat(Experience.none().stage(Stage.START, "ward", "postgresql", 0).spread())
                .isGreaterThan(0.9);
    }

    @Test
    void whatDrillsTakeLongerThePredictionsDoTooAndTheyGetNarrower() {
        List<Lesson> lessons = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            lessons.add(restore(Duration.ofHours(i), Limiting.NOTHING, 100, 130 + i % 2));
        }
        var experience = new Experience(lessons, NOW);
        Experience.Correction learned = experience.restore(Limiting.NOTHING, false);

        assertThat(learned.factor()).isBetween(1.25, 1.31);
        assertThat(learned.spread())
                .isLessThan(Experience.none().restore(Limiting.NOTHING, false).spread());
        assertThat(experience.restore(Limiting.PROCESSOR, false).factor())
                .as("what the machine takes says nothing of limits")
                .isEqualTo(1);
        assertThat(experience.size()).isEqualTo(5);
    }

    @Test
    void whatSmallFilesTakeSaysNothingOfLargeOnes() {
        var small = new Lesson(NOW, "letters", "files", Stage.RESTORE, Limiting.WRITE, true, 1e8, 10, 15);
        var experience = new Experience(List.of(small, small, small), NOW);

        assertThat(experience.restore(Limiting.WRITE, true).factor()).isGreaterThan(1.3);
        assertThat(experience.restore(Limiting.WRITE, false).factor()).isEqualTo(1);
        assertThat(Experience.none().restore(Limiting.WRITE, true).spread())
                .isGreaterThan(Experience.none().restore(Limiting.WRITE, false).spread());
    }

    @Test
    void aRestoreOfASecondTeachesLittle() {
        List<Lesson> lessons = List.of(restore(Duration.ofHours(1), Limiting.READ, 1, 0.6));

        assertThat(new Experience(lessons, NOW).restore(Limiting.READ, false).factor())
                .isBetween(0.85, 1.0);
    }

    @Test
    void whatIsLongAgoCountsLess() {
        List<Lesson> lessons = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            lessons.add(restore(Duration.ofDays(300), Limiting.NOTHING, 100, 200));
            lessons.add(restore(Duration.ofHours(i), Limiting.NOTHING, 100, 110));
        }

        assertThat(new Experience(lessons, NOW).restore(Limiting.NOTHING, false).factor())
                .isLessThan(1.13);
    }

    @Test
    void oneThatIsFarFromAllOthersIsDrawnIn() {
        List<Lesson> lessons = new ArrayList<>();
        for (int i = 1; i <= 9; i++) {
            lessons.add(restore(Duration.ofHours(i), Limiting.READ, 100, 100 + i % 3));
        }
        lessons.add(restore(Duration.ofHours(1), Limiting.READ, 100, 900));

        assertThat(new Experience(lessons, NOW).restore(Limiting.READ, false).factor())
                .isBetween(1.0, 1.03);
    }

    @Test
    void aStageTakesAPartThatIsAlwaysTheSameAndOneThatGoesWithItsWork() {
        List<Lesson> lessons =
                List.of(check("a", 1e8, 2.1), check("b", 2e8, 3.0), check("c", 1e9, 11.2), check("d", 5e8, 6.0));
        Experience.Usual four = new Experience(lessons, NOW).stage(Stage.CHECK, "e", "postgresql", 4e9);

        assertThat(four.seconds()).isBetween(38.0, 45.0);
        assertThat(four.spread()).isLessThan(0.3);
        assertThat(new Experience(lessons, NOW)
                        .stage(Stage.CHECK, "e", "mongodb", 4e9)
                        .seconds())
                .as("of another kind nothing is known")
                .isCloseTo(0.3 + 4e9 * 5e-9, within(0.1));
    }

    @Test
    void theSameApplicationSaysMoreThanOthersOfItsKind() {
        List<Lesson> lessons = List.of(check("a", 1e8, 2), check("a", 1e8, 2), check("b", 1e8, 8), check("b", 1e8, 8));
        var experience = new Experience(lessons, NOW);

        assertThat(experience.stage(Stage.CHECK, "a", "postgresql", 1e8).seconds())
                .isLessThan(
                        experience.stage(Stage.CHECK, "b", "postgresql", 1e8).seconds());
    }

    @Test
    void aStageNeverTakesLessThanNothing() {
        List<Lesson> lessons = List.of(check("a", 1e8, 9), check("b", 2e8, 3), check("c", 9e8, 1));

        for (double work : new double[] {0, 1e8, 1e12}) {
            assertThat(new Experience(lessons, NOW)
                            .stage(Stage.CHECK, "a", "postgresql", work)
                            .seconds())
                    .isPositive();
        }
    }

    @Test
    void aLessonIsTaughtWhenItsTimeIsSeen() {
        Lesson taught = restore(Duration.ZERO, Limiting.WRITE, 10, 0).taught(NOW.plusSeconds(5), 12);

        assertThat(taught.actual()).isEqualTo(12);
        assertThat(taught.time()).isEqualTo(NOW.plusSeconds(5));
        assertThat(taught.limiting()).isEqualTo(Limiting.WRITE);
        assertThatIllegalArgumentException().isThrownBy(() -> taught.taught(NOW, -1));
    }

    @Test
    void whatIsUsedUpForHalfOfTheTimeDecides() {
        assertThat(Limiting.of(Map.of(Resource.READ, 5.0), 9)).isEqualTo(Limiting.READ);
        assertThat(Limiting.of(Map.of(Resource.NETWORK, 5.0), 9)).isEqualTo(Limiting.READ);
        assertThat(Limiting.of(Map.of(Resource.WRITE, 5.0), 9)).isEqualTo(Limiting.WRITE);
        assertThat(Limiting.of(Map.of(Resource.PROCESSOR, 5.0), 9)).isEqualTo(Limiting.PROCESSOR);
        assertThat(Limiting.of(Map.of(Resource.READ, 4.0), 9)).isEqualTo(Limiting.NOTHING);
    }
}
