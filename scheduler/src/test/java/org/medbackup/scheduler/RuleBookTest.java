package org.medbackup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;

class RuleBookTest {

    private static final Timetable NIGHTLY = Timetable.Daily.at(ZoneId.of("UTC"), LocalTime.of(2, 0));

    private static void refused(String why, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        UsageException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.JOB_RULES_INVALID))
                .hasMessageContaining(why);
    }

    @Test
    void rulesThatCannotBeAreRefused() {
        JobRules nightly = JobRules.at("ehr", NIGHTLY);
        refused("without a name", () -> JobRules.at(" ", NIGHTLY));
        refused("at least a minute", () -> JobRules.within("ehr", Duration.ofSeconds(59)));
        refused("needs an objective", () -> JobRules.at("ehr", new Timetable.ByObjective()));
        refused("names none", () -> JobRules.following("ehr"));
        refused("nothing is at risk", () -> nightly.whenMissed(Missed.WHEN_AT_RISK, Duration.ZERO));
        refused("no negative", () -> nightly.withJitter(Duration.ofSeconds(-1)));
        refused("no negative", () -> nightly.expecting(Duration.ZERO));
        refused("no negative", () -> nightly.whenMissed(Missed.SKIP, Duration.ofSeconds(-1)));
        refused("two jobs", () -> RuleBook.of(nightly, nightly));
        refused("there is none of", () -> RuleBook.of(nightly.after(Dependency.on("nobody"))));
        refused(
                "wait for each other",
                () -> RuleBook.of(
                        JobRules.at("a", NIGHTLY).after(Dependency.on("b")),
                        JobRules.at("b", NIGHTLY).after(Dependency.on("c")),
                        JobRules.at("c", NIGHTLY).after(Dependency.on("a"))));
        refused("at least one", () -> new RuleBook.Limits(0, 1, Map.of()));
        refused("at least one", () -> new RuleBook.Limits(1, 1, Map.of("vault", 0)));
        assertThatThrownBy(() -> Dependency.on("a", Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aJobUsesItsHostAndItsTargetsWithinTheirLimits() {
        JobRules rules = JobRules.at("ehr", NIGHTLY).using("db1", Set.of("vault", "tape"));
        RuleBook book = RuleBook.of(List.of(rules), new RuleBook.Limits(1, 3, Map.of("tape", 1)));

        assertThat(book.uses(rules))
                .containsExactly(Map.entry("host:db1", 1), Map.entry("target:tape", 1), Map.entry("target:vault", 3));
        assertThat(book.uses(JobRules.at("none", NIGHTLY))).isEmpty();
    }

    @Test
    void twoWaysToOneJobAreNoCircle() {
        RuleBook book = RuleBook.of(
                JobRules.at("a", NIGHTLY),
                JobRules.at("b", NIGHTLY).after(Dependency.on("a")),
                JobRules.at("c", NIGHTLY).after(Dependency.on("a"), Dependency.on("b", Duration.ofHours(1))));

        assertThat(book.jobs().keySet()).containsExactly("a", "b", "c");
    }
}
