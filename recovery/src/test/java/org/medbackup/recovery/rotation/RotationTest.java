package org.medbackup.recovery.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.medbackup.recovery.plan.RecoveryPlan;

/** Each application is rehearsed within its period, where that is possible at all. */
class RotationTest {

    private static final Instant BEGIN = Instant.parse("2026-01-01T03:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private static RecoveryPlan plan(String applications) {
        return RecoveryPlan.parse("name: site\napplications:\n" + applications);
    }

    private static RecoveryPlan clinic() {
        return plan("""
                  directory: {job: a, criticality: 1, objectives: {rto: 1h}}
                  records: {job: b, criticality: 1, objectives: {rto: 4h}, after: {directory: ready}}
                  images: {job: c, criticality: 3, objectives: {rto: 8h}}
                  archive: {job: d, criticality: 9, objectives: {rto: 8h}}
                """);
    }

    private static Tested tested(int daysAgo, int minutes) {
        return new Tested(BEGIN.minus(Duration.ofDays(daysAgo)), null, Duration.ofMinutes(minutes));
    }

    private static Bounds bounds(int days, int cadence, int longestMinutes, double share) {
        return new Bounds(Duration.ofDays(days), Duration.ofDays(cadence), Duration.ofMinutes(longestMinutes), share);
    }

    @Test
    void withoutALimitAllAreRehearsedTogetherWhenTheirPeriodEnds() {
        var rotation = new Rotation(clinic(), Map.of(), bounds(30, 1, 0, 0));

        assertThat(rotation.turn(BEGIN).applications()).containsExactly("directory", "records", "images", "archive");
        assertThat(rotation.turns()).isOne();
        Map<String, Tested> all = new HashMap<>();
        List.of("directory", "records", "images", "archive").forEach(each -> all.put(each, tested(28, 1)));
        assertThat(new Rotation(clinic(), all, bounds(30, 1, 0, 0)).turn(BEGIN).applications())
                .isEmpty();
        all.put("images", tested(29, 1));
        assertThat(new Rotation(clinic(), all, bounds(30, 1, 0, 0)).turn(BEGIN).applications())
                .hasSize(4);
    }

    @Test
    void theOneThatWasNotRehearsedTheLongestGoesFirstWithWhatItNeeds() {
        Map<String, Tested> known = Map.of(
                "directory", tested(3, 10),
                "records", tested(25, 50),
                "images", tested(29, 50),
                "archive", tested(28, 60));

        Turn turn = new Rotation(clinic(), known, bounds(30, 7, 70, 0)).turn(BEGIN);
        Turn later = new Rotation(clinic(), withLast(known, "images", 0), bounds(30, 7, 70, 0)).turn(BEGIN);

        assertThat(turn.applications()).containsExactly("images");
        assertThat(turn.predicted()).isEqualTo(Duration.ofMinutes(50));
        assertThat(later.applications()).containsExactly("archive");
        assertThat(new Rotation(clinic(), withLast(known, "records", 60), bounds(30, 7, 70, 0))
                        .turn(BEGIN)
                        .applications())
                .containsExactly("directory", "records");
    }

    private static Map<String, Tested> withLast(Map<String, Tested> known, String name, int daysAgo) {
        Map<String, Tested> changed = new HashMap<>(known);
        Duration took = Objects.requireNonNull(known.get(name)).took();
        changed.put(name, new Tested(BEGIN.minus(Duration.ofDays(daysAgo)), null, took));
        return changed;
    }

    @Test
    void ofThoseThatWereNeverRehearsedTheMostCriticalGoesFirstAndAloneUntilItsTimeIsKnown() {
        var rotation = new Rotation(clinic(), Map.of(), bounds(30, 1, 60, 0));

        assertThat(rotation.turn(BEGIN).applications()).containsExactly("directory", "records");
        assertThat(rotation.turn(BEGIN).predicted()).isZero();
        assertThat(rotation.turns()).isEqualTo(3);
    }

    @Test
    void whatIsTooLargeIsRehearsedByASampleAndNeverCountsAsWhole() {
        Map<String, Tested> known = Map.of(
                "directory", tested(1, 10),
                "records", tested(1, 10),
                "images", tested(40, 600),
                "archive", tested(1, 10));

        var without = new Rotation(clinic(), known, bounds(30, 1, 60, 0));
        var with = new Rotation(clinic(), known, bounds(30, 1, 60, 0.05));

        assertThat(without.tooLong()).containsExactly("images");
        assertThat(without.isPossible()).isFalse();
        assertThat(without.turn(BEGIN).applications()).isEmpty();
        assertThat(with.turn(BEGIN)).isEqualTo(new Turn(List.of("images"), true, Duration.ofMinutes(30)));
        assertThat(with.isPossible()).as("a sample is not the whole").isFalse();
        Map<String, Tested> sampled = new HashMap<>(known);
        sampled.put(
                "images",
                new Tested(BEGIN.minus(Duration.ofDays(40)), BEGIN.minus(Duration.ofDays(2)), Duration.ofHours(10)));
        assertThat(new Rotation(clinic(), sampled, bounds(30, 1, 60, 0.05))
                        .turn(BEGIN)
                        .applications())
                .as("it was sampled two days ago")
                .isEmpty();
    }

    @Test
    void whereTimeIsLeftOthersWhoseTimeHasComeGoAlong() {
        Map<String, Tested> known = Map.of(
                "directory", tested(29, 10),
                "records", tested(29, 40),
                "images", tested(30, 40),
                "archive", tested(28, 10));

        assertThat(new Rotation(clinic(), known, bounds(30, 7, 60, 0))
                        .turn(BEGIN)
                        .applications())
                .contains("images")
                .hasSizeGreaterThan(1);
    }

    @Test
    void boundsThatCannotBeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> bounds(0, 1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> bounds(1, 0, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> bounds(1, 1, -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> bounds(1, 1, 1, 1.5));
    }

    /** A plan of any shape, and how long each of its applications takes. */
    private record Site(RecoveryPlan plan, Map<String, Duration> times) {

        static Site of(SplittableRandom random, int most) {
            int count = 1 + random.nextInt(most);
            var text = new StringBuilder();
            Map<String, Duration> times = new HashMap<>();
            for (int i = 0; i < count; i++) {
                List<String> after = new ArrayList<>();
                for (int j = 0; j < i; j++) {
                    if (random.nextInt(5) == 0) {
                        after.add("a" + j + ": ready");
                    }
                }
                text.append("  a%d: {job: j, criticality: %d, objectives: {rto: 9h}, after: {%s}}\n"
                        .formatted(i, 1 + random.nextInt(9), String.join(", ", after)));
                times.put("a" + i, Duration.ofMinutes(1 + random.nextInt(60)));
            }
            return new Site(RotationTest.plan(text.toString()), times);
        }

        Map<String, Tested> known() {
            Map<String, Tested> known = new HashMap<>();
            times.forEach((name, took) -> known.put(name, new Tested(null, null, took)));
            return known;
        }

        private Set<String> closure(String name) {
            Set<String> closure = new HashSet<>(Set.of(name));
            Objects.requireNonNull(plan.applications().get(name))
                    .after()
                    .keySet()
                    .forEach(each -> closure.addAll(closure(each)));
            return closure;
        }

        private Duration cost(Set<String> names) {
            Set<String> all = new HashSet<>();
            names.forEach(each -> all.addAll(closure(each)));
            return all.stream()
                    .map(each -> Objects.requireNonNull(times.get(each)))
                    .reduce(Duration.ZERO, Duration::plus);
        }
    }

    /** In how many drills all can be rehearsed, by trying every way; above the number of applications where in none. */
    private static int fewest(Site site, Duration longest, List<String> left, List<Set<String>> drills) {
        if (left.isEmpty()) {
            return drills.size();
        }
        int best = Integer.MAX_VALUE;
        for (int i = 0; i <= drills.size(); i++) {
            List<Set<String>> next = new ArrayList<>(drills);
            Set<String> with = new HashSet<>(i < drills.size() ? drills.get(i) : Set.of());
            with.add(left.getFirst());
            if (site.cost(with).compareTo(longest) <= 0) {
                if (i < drills.size()) {
                    next.set(i, with);
                } else {
                    next.add(with);
                }
                best = Math.min(best, fewest(site, longest, left.subList(1, left.size()), next));
            }
        }
        return best;
    }

    @Test
    void itIsPossibleWhereItIsPossibleAtAll() {
        var random = new SplittableRandom(7);
        int possible = 0;
        for (int i = 0; i < 300; i++) {
            Site site = Site.of(random, 6);
            Duration longest = Duration.ofMinutes(20 + random.nextInt(120));
            Duration period = Duration.ofDays(1 + random.nextInt(5));
            int fewest =
                    fewest(site, longest, List.copyOf(site.plan().applications().keySet()), List.of());
            // Within each period there are so many drills, and each application has to be in one of them.
            boolean atAll = fewest <= period.toDays();
            assertThat(new Rotation(site.plan(), site.known(), new Bounds(period, DAY, longest, 0)).isPossible())
                    .as("plan %d of %s", i, site.times())
                    .isEqualTo(atAll);
            possible += atAll ? 1 : 0;
        }
        assertThat(possible).isBetween(100, 290);
    }

    @Test
    void withAnyPlanEachApplicationIsRehearsedWithinItsPeriod() {
        var random = new SplittableRandom(11);
        int seen = 0;
        for (int i = 0; i < 200; i++) {
            Site site = Site.of(random, i % 10 == 0 ? 25 : 8);
            var bounds = new Bounds(
                    Duration.ofDays(5 + random.nextInt(40)),
                    Duration.ofDays(1 + random.nextInt(3)),
                    Duration.ofMinutes(60 + random.nextInt(200)),
                    0);
            Map<String, Tested> known = site.known();
            if (!new Rotation(site.plan(), known, bounds).isPossible()) {
                continue;
            }
            seen++;
            goesOnForAYear(site, bounds, known, random);
        }
        assertThat(seen).isGreaterThan(80);
    }

    private static void goesOnForAYear(Site site, Bounds bounds, Map<String, Tested> known, SplittableRandom random) {
        Map<String, Instant> last = new HashMap<>();
        Instant now = BEGIN;
        while (now.isBefore(BEGIN.plus(Duration.ofDays(365)))) {
            Turn turn = new Rotation(site.plan(), known, bounds).turn(now);
            assertThat(turn.partial()).isFalse();
            assertThat(turn.predicted()).isLessThanOrEqualTo(bounds.longest());
            assertThat(new Rotation(site.plan(), known, bounds).turn(now)).isEqualTo(turn);
            assertThat(turn.applications())
                    .as("what they need comes along")
                    .containsAll(turn.applications().stream()
                            .flatMap(each -> site.closure(each).stream())
                            .toList());
            for (String each : turn.applications()) {
                assertThat(Duration.between(last.getOrDefault(each, now), now))
                        .as("%s of %s", each, site.times())
                        .isLessThanOrEqualTo(bounds.period());
                last.put(each, now);
                known.put(
                        each,
                        new Tested(
                                now,
                                null,
                                Objects.requireNonNull(known.get(each)).took()));
            }
            // Drills come at least as often as was said, not exactly so.
            int cadence = (int) bounds.cadence().toMinutes();
            now = now.plus(Duration.ofMinutes(cadence - random.nextInt(cadence / 4)));
        }
        for (String each : site.plan().applications().keySet()) {
            assertThat(Duration.between(Objects.requireNonNull(last.get(each)), now))
                    .as("%s is not left out in the end", each)
                    .isLessThanOrEqualTo(bounds.period().plus(bounds.cadence()));
        }
        assertThat(last.keySet()).isEqualTo(site.plan().applications().keySet());
    }

    @Test
    void manySetsAreParted() {
        var cost = new HashMap<String, Duration>();
        List<Set<String>> sets = IntStream.range(0, 30)
                .mapToObj(each -> {
                    cost.put("a" + each, Duration.ofMinutes(1 + each % 7));
                    return Set.of("a" + each);
                })
                .toList();

        List<Set<String>> drills = new Packing(
                        all -> all.stream().map(cost::get).reduce(Duration.ZERO, Duration::plus),
                        Duration.ofMinutes(10))
                .pack(sets);

        assertThat(drills.stream().flatMap(Set::stream)).hasSize(30).doesNotHaveDuplicates();
        assertThat(drills).hasSizeLessThan(15);
    }
}
