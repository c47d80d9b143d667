package org.medbackup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;
import org.medbackup.scheduler.Plan.Cause;
import org.medbackup.scheduler.Plan.Start;
import org.medbackup.scheduler.Plan.Waiting;
import org.medbackup.scheduler.state.RunState;

class PlannerTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Timetable AT_TWO = Timetable.Daily.at(BERLIN, LocalTime.of(2, 0));
    private static final Instant CONFIGURED = at("2026-06-01T00:00");

    private static Instant at(String local) {
        return LocalDateTime.parse(local).atZone(BERLIN).toInstant();
    }

    private static Plan plan(Scene scene, Instant now, JobRules... rules) {
        return new Planner(RuleBook.of(rules), 7).plan(scene.situations, now);
    }

    private static Scene scene(JobRules... rules) {
        return new Scene(RuleBook.of(rules), CONFIGURED);
    }

    private static List<String> starts(Plan plan) {
        return plan.starts().stream().map(Start::job).toList();
    }

    private static @Nullable WaitReason reason(Plan plan, String job) {
        Waiting waiting = plan.waiting().get(job);
        return waiting == null ? null : waiting.reason();
    }

    @Test
    void aJobBeginsAtItsTimeAndWaitsForTheNextAfterwards() {
        JobRules nightly = JobRules.at("ehr", AT_TWO);

        assertThat(plan(scene(nightly), at("2026-06-01T01:59"), nightly)).satisfies(plan -> {
            assertThat(plan.starts()).isEmpty();
            assertThat(reason(plan, "ehr")).isEqualTo(WaitReason.NOT_DUE);
            assertThat(plan.next()).isEqualTo(at("2026-06-01T02:00"));
        });
        assertThat(plan(scene(nightly), at("2026-06-01T02:00"), nightly).starts())
                .singleElement()
                .satisfies(start -> {
                    assertThat(start.due()).isEqualTo(at("2026-06-01T02:00"));
                    assertThat(start.cause()).isEqualTo(Cause.TIME);
                });
        Scene done = scene(nightly).good("ehr", at("2026-06-01T02:00"));
        assertThat(plan(done, at("2026-06-01T02:30"), nightly).next()).isEqualTo(at("2026-06-02T02:00"));
    }

    @Test
    void timesThatWereMissedAreMadeUpForOnceOrNotAsTheRulesSay() {
        JobRules once = JobRules.at("once", AT_TWO);
        JobRules skip = JobRules.at("skip", AT_TWO).whenMissed(Missed.SKIP, Duration.ofMinutes(15));
        JobRules risk = JobRules.at("risk", AT_TWO)
                .withRpo(Duration.ofDays(10))
                .whenMissed(Missed.WHEN_AT_RISK, Duration.ofMinutes(15));
        JobRules late = JobRules.at("late", AT_TWO)
                .withRpo(Duration.ofDays(4))
                .whenMissed(Missed.WHEN_AT_RISK, Duration.ofMinutes(15));
        JobRules[] all = {once, skip, risk, late};
        Scene scene = scene(all);
        for (JobRules each : all) {
            scene.good(each.name(), at("2026-06-01T02:00"));
        }

        Plan plan = plan(scene, at("2026-06-04T09:00"), all);

        assertThat(starts(plan)).containsExactlyInAnyOrder("once", "late");
        assertThat(plan.starts())
                .filteredOn(start -> start.job().equals("once"))
                .extracting(Start::due)
                .containsExactly(at("2026-06-04T02:00"));
        assertThat(reason(plan, "skip")).isEqualTo(WaitReason.NOT_DUE);
        assertThat(plan.next()).isEqualTo(at("2026-06-05T02:00"));
        assertThat(starts(plan(scene, at("2026-06-04T02:14"), all))).contains("skip", "risk");
    }

    @Test
    void aMissedTimeIsCountedFromTheOpeningOfTheWindow() {
        JobRules skip = JobRules.at("ehr", Timetable.Daily.at(BERLIN, LocalTime.of(20, 0)))
                .withHours(HoursTest.nights(), Overrun.FINISH)
                .whenMissed(Missed.SKIP, Duration.ofMinutes(15));

        Plan early = plan(scene(skip), at("2026-06-01T20:00"), skip);
        assertThat(reason(early, "ehr")).isEqualTo(WaitReason.WINDOW);
        assertThat(early.next()).isEqualTo(at("2026-06-01T22:00"));
        assertThat(plan(scene(skip), at("2026-06-01T22:14"), skip).starts())
                .singleElement()
                .satisfies(start -> assertThat(start.beginBy()).isEqualTo(at("2026-06-01T22:15")));
        assertThat(starts(plan(scene(skip), at("2026-06-01T22:15"), skip))).isEmpty();
    }

    @Test
    void theObjectiveDecidesWhenToBeginSoThatTheEndIsInTime() {
        JobRules rpo = JobRules.within("ehr", Duration.ofMinutes(60));
        Scene scene = scene(rpo).good("ehr", at("2026-06-01T10:00"));

        // Three quarters of an hour after 10:00, less the ten minutes that it takes.
        assertThat(plan(scene, at("2026-06-01T10:34"), rpo).next()).isEqualTo(at("2026-06-01T10:35"));
        assertThat(plan(scene, at("2026-06-01T10:35"), rpo).starts())
                .extracting(Start::cause)
                .containsExactly(Cause.OBJECTIVE);
        scene.takes("ehr", Duration.ofMinutes(50));
        assertThat(starts(plan(scene, at("2026-06-01T10:11"), rpo)))
                .as("a run of fifty minutes begins at once")
                .containsExactly("ehr");
    }

    @Test
    void aTimeThatComesEarlyEnoughIsWaitedFor() {
        JobRules nightly = JobRules.at("ehr", AT_TWO).withRpo(Duration.ofHours(26));
        Scene scene = scene(nightly).good("ehr", at("2026-06-01T02:00"));

        assertThat(plan(scene, at("2026-06-01T23:00"), nightly).next()).isEqualTo(at("2026-06-02T02:00"));
        JobRules strict = JobRules.at("ehr", AT_TWO).withRpo(Duration.ofHours(20));
        assertThat(starts(plan(scene, at("2026-06-01T23:00"), strict))).containsExactly("ehr");
    }

    @Test
    void whatNeverHadAGoodBackupBeginsAtOnce() {
        JobRules rpo = JobRules.within("ehr", Duration.ofMinutes(60));

        assertThat(starts(plan(scene(rpo), CONFIGURED, rpo))).containsExactly("ehr");
    }

    @Test
    void beforeABlackoutItBeginsEarlierAndWhereThereIsRoomLater() {
        var books = new org.medbackup.core.calendar.Opening(at("2026-06-01T12:00"), at("2026-06-01T16:00"));
        Hours hours = new Hours(HoursTest.CALENDAR, Set.of(), Set.of(), List.of(books));
        JobRules rpo = JobRules.within("ehr", Duration.ofHours(4)).withHours(hours, Overrun.FINISH);
        Scene early = scene(rpo).good("ehr", at("2026-06-01T11:30"));
        Scene before = scene(rpo).good("ehr", at("2026-06-01T09:30"));

        // 11:30 + 4 h = 15:30 lies in the blackout: it has to end before noon, not after.
        assertThat(plan(early, at("2026-06-01T11:41"), rpo).next()).isEqualTo(at("2026-06-01T11:50"));
        assertThat(starts(plan(early, at("2026-06-01T11:50"), rpo))).containsExactly("ehr");
        assertThat(plan(before, at("2026-06-01T10:00"), rpo).next()).isEqualTo(at("2026-06-01T11:50"));
        assertThat(reason(plan(early, at("2026-06-01T15:00"), rpo), "ehr")).isEqualTo(WaitReason.BLACKOUT);
    }

    @Test
    void anOpeningSoonAfterTheAimIsEarlyEnough() {
        JobRules rpo = JobRules.within("ehr", Duration.ofHours(16)).withHours(HoursTest.nights(), Overrun.FINISH);
        Scene scene = scene(rpo).good("ehr", at("2026-06-02T09:00"));

        // Aimed at 20:50; the window opens at 22:00, and 00:50 would be the last moment.
        assertThat(plan(scene, at("2026-06-02T12:00"), rpo).next()).isEqualTo(at("2026-06-02T22:00"));
    }

    @Test
    void aFailedTimeIsTriedAgainThreeTimesWithLongerPauses() {
        JobRules nightly = JobRules.at("ehr", AT_TWO);
        Instant two = at("2026-06-01T02:00");
        int[] minutes = {1, 5, 15};
        for (int failures = 1; failures <= 3; failures++) {
            Scene scene = scene(nightly).failed("ehr", two, two, RunState.FAILED, failures);
            Instant again = two.plus(Duration.ofMinutes(minutes[failures - 1]));
            assertThat(plan(scene, again.minusMillis(1), nightly).next()).isEqualTo(again);
            assertThat(plan(scene, again, nightly).starts())
                    .extracting(Start::cause)
                    .containsExactly(Cause.RETRY);
        }
        Scene given = scene(nightly).failed("ehr", two, two, RunState.FAILED, 4);
        assertThat(plan(given, two.plusSeconds(7200), nightly).next()).isEqualTo(at("2026-06-02T02:00"));
        Scene refused = scene(nightly).failed("ehr", two, two, RunState.REFUSED, 1);
        assertThat(plan(refused, two.plusSeconds(7200), nightly).next()).isEqualTo(at("2026-06-02T02:00"));
    }

    @Test
    void whatAnObjectiveDemandsIsTriedWithoutEnd() {
        JobRules rpo = JobRules.within("ehr", Duration.ofHours(1));
        Instant ten = at("2026-06-01T10:00");
        Scene failed = scene(rpo).failed("ehr", ten, ten, RunState.FAILED, 40);
        Scene refused = scene(rpo).failed("ehr", ten, ten, RunState.REFUSED, 1);

        for (Scene each : List.of(failed, refused)) {
            assertThat(plan(each, ten.plus(Duration.ofMinutes(29)), rpo).next())
                    .isEqualTo(ten.plus(Duration.ofMinutes(30)));
            assertThat(starts(plan(each, ten.plus(Duration.ofMinutes(30)), rpo)))
                    .containsExactly("ehr");
        }
    }

    @Test
    void aJobWaitsForThoseItDependsOn() {
        JobRules first = JobRules.at("first", AT_TWO);
        JobRules second = JobRules.at("second", AT_TWO).after(Dependency.on("first"));
        JobRules fresh = JobRules.at("third", AT_TWO).after(Dependency.on("first", Duration.ofHours(1)));
        JobRules[] all = {first, second, fresh};
        Instant two = at("2026-06-02T02:00");
        Scene scene = scene(all)
                .good("first", at("2026-06-01T02:00"))
                .good("second", at("2026-06-01T02:20"))
                .good("third", at("2026-06-01T02:20"));

        Plan plan = plan(scene, two, all);
        assertThat(starts(plan)).containsExactly("first");
        assertThat(reason(plan, "second")).isEqualTo(WaitReason.DEPENDENCY);
        assertThat(plan.waiting().get("third")).isEqualTo(new Waiting(WaitReason.DEPENDENCY, null, "first"));
        scene.good("first", two);
        assertThat(starts(plan(scene, two.plusSeconds(600), all))).containsExactly("second", "third");
        assertThat(starts(plan(scene, two.plusSeconds(600 + 3601), all))).containsExactly("second");
    }

    @Test
    void aJobThatFollowsOthersRunsOnceForEachOfTheirRuns() {
        JobRules first = JobRules.at("first", AT_TWO);
        JobRules after = JobRules.following("copy", Dependency.on("first"));
        Scene scene = scene(first, after);
        Instant two = at("2026-06-01T02:00");

        assertThat(reason(plan(scene, CONFIGURED, first, after), "copy")).isEqualTo(WaitReason.NOT_DUE);
        scene.good("first", two);
        assertThat(plan(scene, two.plusSeconds(600), first, after).starts())
                .singleElement()
                .satisfies(start -> {
                    assertThat(start.cause()).isEqualTo(Cause.DEPENDENCIES);
                    assertThat(start.due()).isEqualTo(two.plusSeconds(600));
                });
        scene.good("copy", two.plusSeconds(700));
        assertThat(starts(plan(scene, two.plusSeconds(9000), first, after))).isEmpty();
    }

    @Test
    void theEarliestDeadlineIsFirstThenTheHigherPriorityAndNoMoreBeginThanMay() {
        JobRules slow = JobRules.within("slow", Duration.ofHours(9)).using(null, Set.of("vault"));
        JobRules soon = JobRules.within("soon", Duration.ofHours(1)).using(null, Set.of("vault"));
        JobRules high = JobRules.within("zhigh", Duration.ofHours(9))
                .using(null, Set.of("vault"))
                .withPriority(5);
        JobRules none = JobRules.at("none", AT_TWO).using("db1", Set.of());
        JobRules[] all = {slow, soon, high, none};
        Instant now = at("2026-06-02T03:00");

        Plan plan = plan(scene(all), now, all);

        assertThat(starts(plan)).containsExactly("soon", "zhigh", "none");
        assertThat(plan.waiting().get("slow")).isEqualTo(new Waiting(WaitReason.CONCURRENCY, null, "target:vault"));
        Scene busy = scene(all).open("soon", RunState.RUNNING, now).open("zhigh", RunState.PENDING, now);
        Plan later = plan(busy, now, all);
        assertThat(reason(later, "slow")).isEqualTo(WaitReason.CONCURRENCY);
        assertThat(reason(later, "soon")).isEqualTo(WaitReason.RUNNING);
        assertThat(reason(later, "zhigh")).isEqualTo(WaitReason.WORKER);
    }

    @Test
    void aPausedJobAndOneThatWaitsForItsHostSaySo() {
        JobRules files = JobRules.at("files", AT_TWO).onlyOn("db1");
        JobRules other = JobRules.at("other", AT_TWO);
        Instant now = at("2026-06-02T03:00");
        Scene scene = scene(files, other).paused("other").open("files", RunState.PENDING, now);

        Plan plan = plan(scene, now, files, other);

        assertThat(plan.waiting().get("files")).isEqualTo(new Waiting(WaitReason.HOST, null, "db1"));
        assertThat(reason(plan, "other")).isEqualTo(WaitReason.PAUSED);
        assertThat(plan.next()).isNull();
    }

    @Test
    void aRunThatWasPutOffSaysUntilWhenAndKeepsNobodyFromBeginning() {
        JobRules silent = JobRules.at("silent", AT_TWO).using("db1", Set.of());
        JobRules other = JobRules.at("other", AT_TWO).using("db1", Set.of());
        Instant now = at("2026-06-02T03:00");
        Instant until = now.plusSeconds(300);

        Plan plan = plan(scene(silent, other).putOff("silent", now, until), now, silent, other);

        assertThat(plan.waiting().get("silent")).isEqualTo(new Waiting(WaitReason.TRIED_LATER, until, null));
        assertThat(plan.next()).isEqualTo(until);
        assertThat(starts(plan)).containsExactly("other");
        Plan due = plan(scene(silent, other).putOff("silent", now, until), until, silent, other);
        assertThat(reason(due, "silent")).isEqualTo(WaitReason.WORKER);
        assertThat(reason(due, "other")).isEqualTo(WaitReason.CONCURRENCY);
    }

    @Test
    void jitterIsTheSameForAllOnOneDayAndAnotherOnOtherDays() {
        JobRules nightly = JobRules.at("ehr", AT_TWO).withJitter(Duration.ofHours(1));
        var days = new java.util.HashSet<Duration>();
        for (int day = 1; day < 28; day++) {
            Instant slot = at("2026-06-%02dT02:00".formatted(day));
            Scene done = scene(nightly).good("ehr", slot.minusSeconds(86_400));
            Instant begin = plan(done, slot.minusSeconds(1), nightly).next();
            assertThat(begin).isNotNull().isBetween(slot, slot.plusSeconds(3600));
            assertThat(plan(done, slot.minusSeconds(90), nightly).next()).isEqualTo(begin);
            days.add(Duration.between(slot, begin));
        }
        assertThat(days).hasSizeGreaterThan(20);
    }

    @Test
    void theLongestOfTwentyButOneTellsHowLongARunTakes() {
        JobRules rules = JobRules.at("ehr", AT_TWO).expecting(Duration.ofMinutes(30));
        List<Duration> twenty = new java.util.ArrayList<>();
        for (int minute = 1; minute <= 20; minute++) {
            twenty.add(Duration.ofMinutes(minute));
        }

        assertThat(Situation.predicted(rules, List.of())).isEqualTo(Duration.ofMinutes(30));
        assertThat(Situation.predicted(rules, List.of(Duration.ofMinutes(2)))).isEqualTo(Duration.ofMinutes(30));
        assertThat(Situation.predicted(rules, List.of(Duration.ofMinutes(40)))).isEqualTo(Duration.ofMinutes(40));
        assertThat(Situation.predicted(rules, twenty)).isEqualTo(Duration.ofMinutes(19));
    }

    /** Whatever the hours are: it begins in them, and where anything early enough is open, the end is in time. */
    @Test
    void anObjectiveIsKeptWhereverTheHoursLeaveRoom() {
        assertThat(Seeds.of(200)).allSatisfy(seed -> {
            SeededRandom random = SeededRandom.of(seed);
            Duration rpo = Duration.ofMinutes(120 + random.below(2000));
            Duration takes = Duration.ofMinutes(1 + random.below(20));
            Instant good = at("2026-06-01T00:00").plusSeconds(60L * random.below(1440));
            Instant now = good.plus(takes);
            Instant from = now.plusSeconds(60L * random.below((int) rpo.toMinutes()));
            Instant to = from.plusSeconds(60L + 60L * random.below((int) rpo.toMinutes()));
            var closed = new org.medbackup.core.calendar.Opening(from, to);
            Hours hours = new Hours(HoursTest.CALENDAR, Set.of(), Set.of(), List.of(closed));
            JobRules rules = JobRules.within("ehr", rpo).withHours(hours, Overrun.FINISH);
            Scene scene =
                    new Scene(RuleBook.of(rules), CONFIGURED).good("ehr", good).takes("ehr", takes);
            Planner planner = new Planner(RuleBook.of(rules), 0);

            Instant begun = null;
            for (Instant at = now; begun == null; at = at.plusSeconds(60)) {
                Plan plan = planner.plan(scene.situations, at);
                begun = plan.starts().isEmpty() ? null : at;
            }

            assertThat(hours.isOpen(begun)).isTrue();
            boolean room = now.isBefore(from) || to.plus(takes).isBefore(good.plus(rpo));
            if (room) {
                assertThat(begun.plus(takes)).isBeforeOrEqualTo(good.plus(rpo).plusSeconds(60));
            } else {
                assertThat(begun).isAfterOrEqualTo(to);
            }
        });
    }

    @Test
    void jobsWithoutRulesAndRulesWithoutAJobAreLeftAlone() {
        JobRules nightly = JobRules.at("ehr", AT_TWO);
        Planner planner = new Planner(RuleBook.of(nightly), 0);

        assertThat(planner.plan(Map.of(), CONFIGURED).starts()).isEmpty();
        Scene other = scene(JobRules.at("gone", AT_TWO)).open("gone", RunState.RUNNING, CONFIGURED);
        assertThat(planner.plan(other.situations, at("2026-06-02T03:00")).waiting())
                .isEmpty();
    }
}
