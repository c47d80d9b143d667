package org.medbackup.testreport.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequirementsGateTest {

    @TempDir
    private Path dir;

    private final SampleReport results = new SampleReport()
            .test("ATest::works", "passed")
            .test("ATest::Inner::worksToo", "passed")
            .test("ATest::counts[1-a [b]]", "passed")
            .test("ATest::counts[2-c::d]#2", "passed")
            .test("ATest::overloaded#2", "passed")
            .test("BTest::partly[1-a]", "passed")
            .test("BTest::partly[2-b]", "failed")
            .test("BTest::broken", "error")
            .test("CTest::skipped", "skipped");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "`ATest.works`",
                "`ATest`",
                "`ATest.Inner.worksToo`",
                "`ATest.Inner`",
                "`ATest.counts`",
                "`ATest.overloaded`",
                "`BTest`",
                "`ATest.works`, `ATest.counts`<br>`ATest.Inner.worksToo`<br/>`ATest`",
            })
    void aRowWithPassedTestsIsProven(String cell) throws Exception {
        var run = check(cell);

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("1 rows, 1 proven, 0 open");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*open*", "open", "Open: needs a tape drive, and time", "`ATest.works`, rest *open*"})
    void anOpenRowPassesAndIsCounted(String cell) throws Exception {
        var run = check(cell);

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("1 rows, 0 proven, 1 open");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "`ATest.renamed`",
                "`XTest`",
                "`Test`",
                "`ATest.work`",
                "`Inner.worksToo`",
                "`BTest.partly`",
                "`BTest.broken`",
                "`CTest.skipped`",
                "`CTest`",
                "`ATest.works`, `ATest.renamed`",
                "*open*, `ATest.renamed`",
            })
    void aNamedTestThatDidNotPassFails(String cell) throws Exception {
        var run = check(cell);

        assertThat(run.code()).isOne();
        assertThat(run.out()).containsPattern("requirements.md:5 \"R1\": `\\S+` (is not in the results|did not pass)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-", "ATest.works", "the open file test"})
    void aRowThatNamesNoTestFails(String cell) throws Exception {
        var run = check(cell);

        assertThat(run.code()).isOne();
        assertThat(run.out()).contains("requirements.md:5 \"R1\": names no test");
    }

    @Test
    void whatStandsBesideTheTestsFails() throws Exception {
        assertThat(check("`ATest.works`, ATest.counts").out()).contains("also holds \"ATest.counts\"");
        assertThat(check("`docs/x.md`").out()).contains("`docs/x.md` is not the name of a test");
    }

    @Test
    void allTablesAreRead() throws Exception {
        var run = checkText("""
                | id | tests |
                |:---|------:|
                | R1 | `ATest.works` |

                Words.

                  | id | what | tests |
                  |--|--|--|
                  | R2 | a \\| b | `XTest` |
                  | R3 | c | *open*
                """);

        assertThat(run.out()).contains("3 rows, 1 proven, 1 open", "requirements.md:9 \"R2\"");
    }

    @Test
    void aRowWithOneCellNamesNoTest() throws Exception {
        assertThat(checkText("| id | tests |\n|--|--|\n| `ATest.works` |\n").code())
                .isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# Title\n", "| id | tests |\n", "| id | tests |\n|---|---|\n\ntext\n"})
    void anEmptyTableFails(String text) throws Exception {
        var run = checkText(text);

        assertThat(run.code()).isOne();
        assertThat(run.out()).contains("holds no row of a table");
    }

    private GateRun check(String cell) throws IOException {
        return checkText("# Requirements\n\n| id | tests |\n|----|-------|\n| R1 | " + cell + " |\n");
    }

    private GateRun checkText(String text) throws IOException {
        Path table = Files.writeString(dir.resolve("requirements.md"), text);
        Path report = results.write(dir.resolve("results.json"));
        return GateRun.of("requirements", "--table", table, "--results", report);
    }
}
