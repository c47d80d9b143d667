package org.medbackup.testreport.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultsGateTest {

    private static final String MENDING = "refresh it: run ./check and commit pytest_results.json";

    @TempDir
    private Path dir;

    private final SampleReport expected = new SampleReport();
    private final SampleReport actual = new SampleReport();

    @Test
    void theSameResultsPassInAnyOrder() throws Exception {
        expected.test("ATest::one", "passed").test("ATest::two", "skipped");
        actual.test("ATest::two", "skipped").test("ATest::one", "passed");

        var run = compare();

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo("results: 2 tests ran, 2 are on record\nresults: passed\n");
    }

    @Test
    void whatDiffersIsNamed() throws Exception {
        expected.test("ATest::gone", "passed").test("ATest::other", "passed").test("ATest::same", "passed");
        actual.test("ATest::same", "passed").test("ATest::other", "skipped").test("ATest::fresh", "passed");

        var run = compare();

        assertThat(run.code()).isOne();
        assertThat(run.out())
                .contains("missing: core/src/test/java/org/x/ATest.java::ATest::gone")
                .contains("new: core/src/test/java/org/x/ATest.java::ATest::fresh")
                .contains("ATest::other is on record as passed and is now skipped")
                .contains(MENDING)
                .doesNotContain("ATest::same");
    }

    @Test
    void ofManyDifferencesTwentyAreShown() throws Exception {
        for (int i = 0; i < 23; i++) {
            actual.test("ATest::m" + i, "passed");
        }

        var run = compare();

        assertThat(run.out().lines().filter(line -> line.contains("new: "))).hasSize(20);
        assertThat(run.out()).contains("... and 3 more", MENDING);
    }

    @Test
    void aFailedTestFailsEvenIfItIsOnRecord() throws Exception {
        expected.test("ATest::bad", "failed").test("ATest::worse", "error");
        actual.test("ATest::bad", "failed").test("ATest::worse", "error");

        var run = compare();

        assertThat(run.code()).isOne();
        assertThat(run.out())
                .contains("failed: core/src/test/java/org/x/ATest.java::ATest::bad (Skipped: because of ATest::bad)")
                .contains("error: core/src/test/java/org/x/ATest.java::ATest::worse")
                .doesNotContain(MENDING);
    }

    @Test
    void anInterruptedRunFails() throws Exception {
        expected.test("ATest::one", "passed");
        actual.test("ATest::one", "passed").exitcode(2);

        assertThat(compare().out()).contains("exit code 2", "results: FAILED");
    }

    @Test
    void aSkippedTestFailsWhereNothingMayBeSkipped() throws Exception {
        expected.test("ATest::two", "skipped");
        actual.test("ATest::two", "skipped");

        assertThat(compare().code()).isZero();
        var strict = compare("--no-skips");
        assertThat(strict.code()).isOne();
        assertThat(strict.out()).contains("ATest::two (Skipped: because of ATest::two)");
    }

    @Test
    void aNameThatStandsTwiceCountsWithBothOutcomes() throws Exception {
        expected.test("ATest::one", "passed").test("ATest::one", "skipped");
        actual.test("ATest::one", "passed");

        assertThat(compare().out()).contains("on record as passed and skipped and is now passed");
    }

    private GateRun compare(String... more) throws IOException {
        Path before = expected.write(dir.resolve("expected.json"));
        Path now = actual.write(dir.resolve("actual.json"));
        return more.length == 0
                ? GateRun.of("results", "--expected", before, "--actual", now)
                : GateRun.of("results", "--expected", before, "--actual", now, more[0]);
    }
}
