package org.medbackup.testreport.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PublishGateTest {

    @TempDir
    private Path dir;

    @Test
    void theRecordIsSortedAndRoundedWithOneTestALine() throws Exception {
        Path report = Files.writeString(dir.resolve("report.json"), """
                {"created": 1.123456789, "exitcode": 0, "root": ".", "summary": {"total": 2}, "tests": [
                {"nodeid": "b", "outcome": "passed", "call": {"duration": 0.12345678}},
                {"nodeid": "a", "outcome": "skipped", "setup": {"longrepr": "Skipped: x", "duration": 1.5}}]}
                """);

        var run = GateRun.of("publish", "--from", report, "--to", dir.resolve("pytest_results.json"));

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("2 tests are on record");
        assertThat(dir.resolve("pytest_results.json")).hasContent("""
                        {
                        "created": 1.123457,
                        "exitcode": 0,
                        "root": ".",
                        "summary": {"total": 2},
                        "tests": [
                        {"nodeid": "a", "outcome": "skipped", "setup": {"longrepr": "Skipped: x", "duration": 1.5}},
                        {"nodeid": "b", "outcome": "passed", "call": {"duration": 0.123457}}
                        ]
                        }
                        """);
    }

    @Test
    void theRecordOfAnEarlierRunIsReplaced() throws Exception {
        Path record = Files.writeString(dir.resolve("pytest_results.json"), "old");
        Path report = new SampleReport().test("ATest::one", "passed").write(dir.resolve("report.json"));

        GateRun.of("publish", "--from", report, "--to", record);

        assertThat(record).content().contains("ATest::one");
        assertThat(GateRun.of("results", "--expected", record, "--actual", report)
                        .code())
                .isZero();
    }

    @Test
    void aRunThatDidNotPassIsNotPutOnRecord() throws Exception {
        Path report =
                new SampleReport().test("ATest::one", "failed").exitcode(1).write(dir.resolve("report.json"));

        var run = GateRun.of("publish", "--from", report, "--to", dir.resolve("pytest_results.json"));

        assertThat(run.code()).isOne();
        assertThat(run.out()).contains("failed: core/", "exit code 1");
        assertThat(dir.resolve("pytest_results.json")).doesNotExist();
    }
}
