package org.medbackup.recovery.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.medbackup.recovery.rotation.PointChoice.Point;

/** Which restore points and which files a drill takes, and that the same seed takes the same again. */
class PointChoiceTest {

    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    private static Point point(String id, int daysOld, boolean proven) {
        return new Point(id, NOW.minus(Duration.ofDays(daysOld)), null, proven);
    }

    private static String chosen(PointRule rule, long seed, String application, List<Point> points) {
        return new PointChoice(rule, seed, NOW)
                .of(application, points)
                .map(Point::snapshot)
                .orElse("none");
    }

    @Test
    void theNewestAndTheOldestAreThose() {
        List<Point> points = List.of(point("b", 5, true), point("c", 1, true), point("a", 900, true));

        assertThat(chosen(PointRule.NEWEST, 1, "ehr", points)).isEqualTo("c");
        assertThat(chosen(PointRule.OLDEST, 1, "ehr", points)).isEqualTo("a");
        assertThat(chosen(PointRule.OLDEST, 1, "ehr", List.of())).isEqualTo("none");
        assertThat(chosen(PointRule.RANDOM, 1, "ehr", List.of())).isEqualTo("none");
    }

    @Test
    void whatWasNotRehearsedForLongAndWhatIsNotProvenIsDrawnMoreOften() {
        List<Point> points = List.of(
                point("old", 40, true),
                point("new", 10, true),
                point("unproven", 10, false),
                new Point("tested", NOW.minus(Duration.ofDays(400)), NOW.minus(Duration.ofDays(10)), true),
                point("now", 0, true));

        Map<String, Long> drawn = LongStream.range(0, 8_000)
                .mapToObj(seed -> chosen(PointRule.RANDOM, seed, "ehr", points))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        // 40 : 10 : 20 : 10 : 1/24 of 8,000
        assertThat(drawn.get("old")).isBetween(3_800L, 4_200L);
        assertThat(drawn.get("new")).isBetween(850L, 1_150L);
        assertThat(drawn.get("unproven")).isBetween(1_850L, 2_150L);
        assertThat(drawn.get("tested")).isBetween(850L, 1_150L);
        assertThat(drawn.getOrDefault("now", 0L)).isLessThan(20);
    }

    @Test
    void theSeedMakesTheSameChoiceAgainWhateverTheOrder() {
        List<Point> points = IntStream.range(0, 50)
                .mapToObj(i -> point("p" + i, i, i % 2 == 0))
                .toList();
        for (long seed = 0; seed < 200; seed++) {
            assertThat(chosen(PointRule.RANDOM, seed, "ehr", points.reversed()))
                    .isEqualTo(chosen(PointRule.RANDOM, seed, "ehr", points));
        }
        assertThat(LongStream.range(0, 200)
                        .filter(seed -> chosen(PointRule.RANDOM, seed, "ehr", points)
                                .equals(chosen(PointRule.RANDOM, seed, "pacs", points))))
                .as("applications have draws of their own")
                .hasSizeLessThan(50);
    }

    @Test
    void aSampleIsAboutItsShareAndTheSameForTheSameSeed() {
        var sample = new FileSample(0.05, 42);
        List<byte[]> paths = IntStream.range(0, 20_000)
                .mapToObj(i -> ("/srv/docs/" + i + ".pdf").getBytes(StandardCharsets.UTF_8))
                .toList();

        long taken = paths.stream().filter(sample::takes).count();

        assertThat(taken).isBetween(850L, 1_150L);
        assertThat(paths.stream().filter(new FileSample(0.05, 42)::takes)).hasSize((int) taken);
        assertThat(paths.stream().filter(each -> sample.takes(each) && new FileSample(0.05, 43).takes(each)))
                .hasSizeLessThan(150);
        assertThat(paths.stream().allMatch(new FileSample(1, 3)::takes)).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> new FileSample(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new FileSample(1.1, 1));
    }
}
