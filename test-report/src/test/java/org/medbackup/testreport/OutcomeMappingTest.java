package org.medbackup.testreport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.testreport.fixtures.Endings;
import org.medbackup.testreport.fixtures.Names;

final class OutcomeMappingTest {

    private final SampleBuild build;

    OutcomeMappingTest(@TempDir Path root) {
        build = new SampleBuild(root);
    }

    @Test
    void aPassedTestHasThreePassedPhases() {
        var report = build.test("engine", Endings.Good.class);

        assertThat(phases(report, "Endings::Good::passes")).containsExactly("passed", "passed", "passed");
        assertThat(report.number("exitcode")).isZero();
        assertThat(JsonWriter.line(report.get("summary").orElseThrow()))
                .isEqualTo("{\"passed\": 2, \"total\": 2, \"collected\": 2}");
    }

    @Test
    void theReportHasTheMembersOfPytestInTheirOrder() {
        var report = build.test("engine", Endings.Good.class);

        assertThat(report.members().keySet())
                .containsExactly("created", "duration", "exitcode", "root", "environment", "summary", "tests");
        assertThat(report.text("root")).isEqualTo(".");
        assertThat(report.number("duration")).isBetween(BigDecimal.ZERO, BigDecimal.valueOf(60));
        assertThat(report.objects("tests").getFirst().members().keySet())
                .containsExactly("nodeid", "lineno", "outcome", "keywords", "setup", "call", "teardown");
    }

    @Test
    void keywordsAreTheNamesAndTheTags() {
        var report = build.test("engine", Endings.Good.class);

        assertThat(SampleBuild.entry(report, "Endings::Good::passes").get("keywords"))
                .contains(Json.texts(List.of("passes", "Good", "Endings", "quick")));
    }

    @Test
    void theLineIsThatOfTheFirstStatementCountedFromZero() throws Exception {
        var report = build.test("engine", Endings.Good.class);

        var source = Path.of("src/test/java/org/medbackup/testreport/fixtures/Endings.java");
        int line = SampleBuild.entry(report, "Endings::Good::passes")
                .number("lineno")
                .intValue();
        assertThat(Files.readAllLines(source).get(line)).contains("assertThat(1).isOne()");
    }

    @Test
    void aFailedAssertionFailsTheCall() {
        var report = build.test("engine", Endings.InCall.class);

        assertThat(SampleBuild.outcomes(report)).contains(entry("Endings::InCall::fails", "failed"));
        assertThat(phases(report, "Endings::InCall::fails"))
                .containsExactly("passed", "failed: java.lang.AssertionError: one is not two", "passed");
        assertThat(report.number("exitcode")).isOne();
    }

    @Test
    void aTimeoutFailsTheCallNotTheTearDown() {
        var report = build.test("engine", Endings.InCall.class);

        var phases = phases(report, "Endings::InCall::takesTooLong");
        assertThat(phases.get(1)).startsWith("failed: java.util.concurrent.TimeoutException");
        assertThat(phases.get(2)).isEqualTo("passed");
    }

    @Test
    void anAssumptionSkipsTheCallAndSaysWhy() {
        var report = build.test("engine", Endings.InCall.class);

        assertThat(SampleBuild.outcomes(report)).contains(entry("Endings::InCall::givesUp", "skipped"));
        assertThat(phases(report, "Endings::InCall::givesUp"))
                .containsExactly("passed", "skipped: Skipped: Assumption failed: no server here", "passed");
    }

    @Test
    void aDisabledTestIsSkippedWithoutACall() {
        var report = build.test("engine", Endings.InCall.class);

        assertThat(phases(report, "Endings::InCall::isDisabled"))
                .containsExactly("skipped: Skipped: not yet", "none", "passed");
    }

    @Test
    void whatBreaksBeforeTheCallIsAnError() {
        var report = build.test("engine", Endings.BeforeCall.class);

        assertThat(SampleBuild.outcomes(report)).containsExactly(entry("Endings::BeforeCall::isNotReached", "error"));
        assertThat(phases(report, "Endings::BeforeCall::isNotReached"))
                .containsExactly("failed: java.lang.AssertionError: set-up broke", "none", "passed");
        assertThat(report.number("exitcode")).isOne();
    }

    @Test
    void anAssumptionBeforeTheCallSkipsTheSetUp() {
        var report = build.test("engine", Endings.SkippedBeforeCall.class);

        assertThat(SampleBuild.outcomes(report))
                .containsExactly(entry("Endings::SkippedBeforeCall::isNotReached", "skipped"));
        assertThat(phases(report, "Endings::SkippedBeforeCall::isNotReached"))
                .containsExactly("skipped: Skipped: Assumption failed: no disk here", "none", "passed");
    }

    @Test
    void whatBreaksAfterAPassedCallIsAnError() {
        var report = build.test("engine", Endings.AfterCall.class);

        assertThat(SampleBuild.outcomes(report)).contains(entry("Endings::AfterCall::passes", "error"));
        assertThat(phases(report, "Endings::AfterCall::passes"))
                .containsExactly("passed", "passed", "failed: java.lang.AssertionError: tear-down broke");
    }

    @Test
    void whatBreaksAfterASkippedCallIsAnErrorToo() {
        var report = build.test("engine", Endings.AfterCall.class);

        assertThat(SampleBuild.outcomes(report)).contains(entry("Endings::AfterCall::givesUp", "error"));
        assertThat(phases(report, "Endings::AfterCall::givesUp"))
                .containsExactly(
                        "passed",
                        "skipped: Skipped: Assumption failed: no server here",
                        "failed: java.lang.AssertionError: tear-down broke");
    }

    @Test
    void aFailedCallStaysFailedWhateverBreaksAfterIt() {
        var report = build.test("engine", Endings.AfterCall.class);

        assertThat(SampleBuild.outcomes(report)).contains(entry("Endings::AfterCall::fails", "failed"));
        assertThat(SampleBuild.entry(report, "Endings::AfterCall::fails").toString())
                .contains("one is not two", "tear-down broke");
    }

    @Test
    void aClassThatBreaksBeforeItsTestsIsOneError() {
        var report = build.test("engine", Endings.BeforeAllTests.class);

        assertThat(SampleBuild.outcomes(report)).containsExactly(entry("Endings::BeforeAllTests", "error"));
        assertThat(phases(report, "Endings::BeforeAllTests"))
                .containsExactly("failed: java.lang.AssertionError: class broke", "none", "passed");
    }

    @Test
    void aClassThatBreaksAfterItsTestsIsAnErrorBesideThem() {
        var report = build.test("engine", Endings.AfterAllTests.class);

        assertThat(SampleBuild.outcomes(report))
                .containsOnly(
                        entry("Endings::AfterAllTests::passes", "passed"), entry("Endings::AfterAllTests", "error"));
        assertThat(phases(report, "Endings::AfterAllTests"))
                .containsExactly("passed", "none", "failed: java.lang.AssertionError: class broke");
    }

    @Test
    void aClassThatGivesUpSkipsEachOfItsTests() {
        var report = build.test("engine", Endings.SkippedClass.class);

        assertThat(SampleBuild.outcomes(report))
                .containsOnly(
                        entry("Endings::SkippedClass::first", "skipped"),
                        entry("Endings::SkippedClass::second", "skipped"));
        assertThat(phases(report, "Endings::SkippedClass::second").getFirst())
                .isEqualTo("skipped: Skipped: Assumption failed: no database here");
    }

    @Test
    void aDisabledClassSkipsEachOfItsTests() {
        var report = build.test("engine", Endings.DisabledClass.class);

        assertThat(SampleBuild.outcomes(report))
                .containsOnly(
                        entry("Endings::DisabledClass::first", "skipped"),
                        entry("Endings::DisabledClass::second", "skipped"));
        assertThat(report.number("exitcode")).isZero();
    }

    @Test
    void aMethodWithoutParametersIsAnError() {
        var report = build.test("engine", Endings.BrokenFactory.class);

        assertThat(SampleBuild.outcomes(report))
                .containsExactly(entry("Endings::BrokenFactory::isNotReached", "error"));
    }

    @Test
    void aDynamicTestIsAllCall() {
        var report = build.test("engine", Names.Dynamic.class);

        assertThat(phases(report, "Names::Dynamic::makes[group][two]"))
                .containsExactly("passed", "failed: java.lang.AssertionError: two is broken", "passed");
    }

    @Test
    void withoutTheTimerATestIsAllCall() {
        SampleBuild.launch(
                new JsonReportListener(build.settings("engine"), new AtomicBoolean()),
                false,
                Endings.InCall.class,
                Endings.BeforeCall.class);

        assertThat(SampleBuild.outcomes(build.report()))
                .contains(
                        entry("Endings::InCall::fails", "failed"),
                        entry("Endings::InCall::givesUp", "skipped"),
                        entry("Endings::BeforeCall::isNotReached", "failed"));
    }

    private static List<String> phases(Json.Obj report, String name) {
        var test = SampleBuild.entry(report, name);
        return List.of(
                SampleBuild.phase(test, "setup"), SampleBuild.phase(test, "call"), SampleBuild.phase(test, "teardown"));
    }
}
