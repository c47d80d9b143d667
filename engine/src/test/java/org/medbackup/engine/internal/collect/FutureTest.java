package org.medbackup.engine.internal.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.engine.ForgetResult;
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.Snapshot;

/** What restore points of an attacker can make others lose. */
class FutureTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final String OURS = "aaaaaaaaaaaaaaaa";
    private static final String STOLEN = "bbbbbbbbbbbbbbbb";

    private static Snapshot point(String id, String source, Instant time, String writer) {
        return new Snapshot(
                id,
                time,
                time,
                source,
                "ward-db",
                List.of("/srv"),
                new TreeMap<>(),
                "",
                1,
                1,
                ConsistencyLevel.FILE_LEVEL,
                new TreeMap<>(),
                "",
                "test",
                0,
                Snapshot.AuditAnchor.NONE,
                writer,
                Optional.empty());
    }

    private static Retention.Basis basis(Set<String> revoked) {
        return new Retention.Basis(NOW, Set.of(), revoked);
    }

    @Test
    void aPointOfTheFarFutureTakesNothingAwayFromWithin() {
        // bupstash #256: the newest of all was in the future, and everything else was too old by it.
        List<Snapshot> points = new ArrayList<>();
        for (int day = 0; day < 5; day++) {
            points.add(point("day" + day, "ward", NOW.minus(Duration.ofDays(day)), OURS));
        }
        points.add(point("fake", "ward", NOW.plus(Duration.ofDays(20_000)), OURS));

        ForgetResult result =
                Retention.apply(points, new RetentionRules(0, 0, 0, 0, 0, Duration.ofDays(30)), basis(Set.of()));

        assertThat(result.removed()).isEmpty();
        assertThat(result.kept()).hasSize(5);
        assertThat(result.refused()).singleElement().satisfies(refused -> {
            assertThat(refused.id()).isEqualTo("fake");
            assertThat(refused.quarantined()).isTrue();
        });
        assertThat(Retention.apply(points, new RetentionRules(1, 0, 0, 0, 0, Duration.ZERO), basis(Set.of()))
                        .kept())
                .containsExactly("day0");
    }

    @Test
    void clocksMayDifferByMinutes() {
        List<Snapshot> points = List.of(
                point("old", "ward", NOW.minus(Duration.ofDays(1)), OURS),
                point("new", "ward", NOW.plus(Duration.ofMinutes(9)), OURS));

        ForgetResult result =
                Retention.apply(points, new RetentionRules(1, 0, 0, 0, 0, Duration.ZERO), basis(Set.of()));

        assertThat(result.kept()).containsExactly("new");
        assertThat(result.removed()).containsExactly("old");
    }

    @Test
    void aPersonMayGiveUpAPointOfTheFuture() {
        List<Snapshot> points = List.of(
                point("honest", "ward", NOW.minus(Duration.ofDays(1)), OURS),
                point("fake", "ward", NOW.plus(Duration.ofDays(1)), OURS));

        ForgetResult result = Retention.remove(points, Set.of("fake", "honest"), basis(Set.of()));

        assertThat(result.removed()).containsExactly("fake");
        assertThat(result.refused()).extracting(ForgetResult.Refused::id).containsExactly("honest");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverIsSignedByAnotherKeyOrIsFromTheFutureNoHonestPointIsLost(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        for (int round = 0; round < 100; round++) {
            List<Snapshot> honest = new ArrayList<>();
            for (int i = 0; i < 1 + random.below(40); i++) {
                honest.add(point("h" + i, "s" + random.below(2), NOW.minus(hours(random, 24 * 400)), OURS));
            }
            List<Snapshot> all = new ArrayList<>(honest);
            for (int i = 0; i < random.below(60); i++) {
                // With a stolen key any time and any source; with ours what the clock does not believe.
                all.add(
                        random.nextBoolean()
                                ? point("x" + i, "s" + random.below(2), any(random), STOLEN)
                                : point("y" + i, "s" + random.below(2), NOW.plus(hours(random, 1 << 20)), OURS));
            }
            RetentionRules rules = new RetentionRules(
                    1 + random.below(5),
                    random.below(8),
                    random.below(5),
                    random.below(12),
                    random.below(3),
                    Duration.ofDays(random.below(60)));

            Set<String> before = new HashSet<>(
                    Retention.apply(honest, rules, basis(Set.of())).kept());
            ForgetResult result = Retention.apply(all, rules, basis(Set.of()));

            assertThat(result.kept()).containsAll(before);
            assertThat(result.removed()).doesNotContainAnyElementsOf(before);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void withinAnyFloodOfTheSameKeyWhatIsYoungerThanTheSpanStays(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        for (int round = 0; round < 100; round++) {
            Duration span = Duration.ofDays(1 + random.below(60));
            List<Snapshot> all = new ArrayList<>();
            Set<String> young = new HashSet<>();
            for (int i = 0; i < 30; i++) {
                Snapshot honest = point("h" + i, "ward", NOW.minus(hours(random, 24 * 90)), OURS);
                all.add(honest);
                if (honest.time().isAfter(NOW.plus(Duration.ofMinutes(10)).minus(span))) {
                    young.add(honest.id());
                }
            }
            for (int i = 0; i < 100; i++) {
                all.add(point("x" + i, "ward", any(random), OURS));
            }

            RetentionRules rules = new RetentionRules(random.below(3), 0, 0, 0, 0, span);

            assertThat(Retention.apply(all, rules, basis(Set.of())).kept()).containsAll(young);
        }
    }

    private static Duration hours(SeededRandom random, int most) {
        return Duration.ofHours(1 + random.below(most));
    }

    private static Instant any(SeededRandom random) {
        return random.nextBoolean() ? NOW.minus(hours(random, 24 * 400)) : NOW.plus(hours(random, 24 * 400));
    }

    @Test
    void whatARevokedKeyHasSignedIsThinnedTogetherWithTheRest() {
        List<Snapshot> points = new ArrayList<>();
        for (int day = 0; day < 6; day++) {
            points.add(point("n" + day, "ward", NOW.minus(Duration.ofDays(day)), OURS));
            points.add(point("o" + day, "ward", NOW.minus(Duration.ofDays(100 + day)), STOLEN));
        }
        RetentionRules three = new RetentionRules(3, 0, 0, 0, 0, Duration.ZERO);

        assertThat(Retention.apply(points, three, basis(Set.of())).kept()).hasSize(6);
        assertThat(Retention.apply(points, three, basis(Set.of(STOLEN))).kept()).containsExactly("n0", "n1", "n2");
    }
}
