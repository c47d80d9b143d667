package org.medbackup.engine.internal.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;
import org.medbackup.engine.ForgetResult;
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.Snapshot;

/** Which restore points rules keep, and what stays beneath them. */
class RetentionTest {

    private static Snapshot snapshot(String id, String source, String time) {
        Instant then = Instant.parse(time);
        return new Snapshot(
                id,
                then,
                then,
                source,
                "host",
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
                new Snapshot.AuditAnchor(0, ""),
                "aa",
                Optional.empty());
    }

    private static Retention.Basis basis(Set<String> proven) {
        return new Retention.Basis(Instant.parse("2030-01-01T00:00:00Z"), proven, Set.of());
    }

    private static List<Snapshot> threeYearsDaily() {
        var all = new ArrayList<Snapshot>();
        Instant first = Instant.parse("2024-01-01T22:00:00Z");
        for (int day = 0; day < 3 * 365; day++) {
            Instant time = first.plus(Duration.ofDays(day));
            all.add(snapshot(String.format("%04d", day), "ward", time.toString()));
        }
        return all;
    }

    @Test
    void eachRuleKeepsTheNewestOfItsPeriods() {
        List<Snapshot> all = threeYearsDaily();

        List<String> kept = Retention.apply(all, new RetentionRules(0, 7, 4, 12, 3, Duration.ZERO), basis(Set.of()))
                .kept();

        // 2026-12-30 is the newest; weeks end on Sundays.
        Set<String> days = new HashSet<>();
        kept.forEach(
                id -> days.add(all.get(Integer.parseInt(id)).time().toString().substring(0, 10)));
        assertThat(days)
                .contains("2026-12-30", "2026-12-24", "2026-12-20", "2026-12-13", "2026-11-30", "2026-01-31")
                .contains("2025-12-31", "2024-12-31")
                .doesNotContain("2026-12-23", "2025-11-30", "2023-12-31");
        assertThat(kept).hasSize(7 + 2 + 11 + 2);
    }

    @Test
    void withinCountsFromTheNewest() {
        List<Snapshot> all = threeYearsDaily();

        assertThat(Retention.apply(all, new RetentionRules(0, 0, 0, 0, 0, Duration.ofDays(10)), basis(Set.of()))
                        .kept())
                .hasSize(10);
    }

    @Test
    void ofEachSourceTheNewestAndTheNewestProvenOneStay() {
        List<Snapshot> all = List.of(
                snapshot("a1", "a", "2026-01-01T00:00:00Z"),
                snapshot("a2", "a", "2026-01-02T00:00:00Z"),
                snapshot("a3", "a", "2026-01-03T00:00:00Z"),
                snapshot("b1", "b", "2026-01-01T00:00:00Z"));

        ForgetResult result = Retention.remove(all, Set.of("a1", "a2", "a3", "b1"), basis(Set.of("a1", "a2")));

        assertThat(result.removed()).containsExactly("a1");
        assertThat(result.refused()).extracting(ForgetResult.Refused::id).containsExactlyInAnyOrder("a3", "a2", "b1");
        assertThat(result.refused())
                .extracting(ForgetResult.Refused::reason)
                .anyMatch(reason -> reason.contains("found whole"));
        assertThat(result.kept()).isEmpty();
    }

    @Test
    void aRuleBelowZeroIsRefused() {
        assertThatThrownBy(() -> new RetentionRules(-1, 0, 0, 0, 0, Duration.ZERO))
                .isInstanceOf(UsageException.class);
        assertThat(RetentionRules.NONE.isEmpty()).isTrue();
    }

    static LongStream seeds() {
        return Seeds.of(20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyRestorePointIsInOneListAndMoreRulesKeepMore(long seed) {
        var random = SeededRandom.of(seed);
        var all = new ArrayList<Snapshot>();
        Set<String> proven = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            Instant time = Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofHours(random.below(9000)));
            String id = "s" + i;
            all.add(snapshot(id, "source" + random.below(3), time.toString()));
            if (random.below(4) == 0) {
                proven.add(id);
            }
        }
        var few = new RetentionRules(1, random.below(5), 0, random.below(4), 0, Duration.ZERO);
        var more = new RetentionRules(2, few.daily() + 1, 2, few.monthly(), 1, Duration.ofDays(3));

        ForgetResult result = Retention.apply(all, few, basis(proven));

        var seen = new ArrayList<>(result.kept());
        seen.addAll(result.removed());
        result.refused().forEach(refused -> seen.add(refused.id()));
        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(
                        all.stream().map(Snapshot::id).toList());
        assertThat(Retention.apply(all, more, basis(proven)).kept()).containsAll(result.kept());
    }
}
