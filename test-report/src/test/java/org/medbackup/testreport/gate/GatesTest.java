package org.medbackup.testreport.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GatesTest {

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tests",
                "publish",
                "publish --from a",
                "publish --from a --to",
                "publish --from a --to b --to c",
                "publish --from a --to b --force",
                "publish --from a --to b c",
                "results --expected a --actual b --no-skips=1",
                "coverage --exec a --root b --minimum 90",
                "coverage --exec a --root b --minimum many",
            })
    void aWrongCallIsAnsweredWithOneLineOfUsage(String line) {
        var run = GateRun.of((Object[]) line.split(" "));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).singleElement().asString().contains("usage: Gates ");
    }

    @Test
    void noGateAtAllIsAWrongCall() {
        assertThat(GateRun.of().code()).isEqualTo(2);
    }

    @Test
    void aFileThatIsMissingFailsTheGateByName() {
        var run = GateRun.of("publish", "--from", dir.resolve("none.json"), "--to", dir.resolve("to.json"));

        assertThat(run.code()).isOne();
        assertThat(run.out()).contains("there is no file " + dir.resolve("none.json"), "publish: FAILED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"tests\": [", "[]", "{\"exitcode\": 0}", "{\"tests\": [{\"nodeid\": 1}]}"})
    void aFileThatIsNoReportFailsTheGate(String text) throws Exception {
        Path file = Files.writeString(dir.resolve("report.json"), text);

        var run = GateRun.of("publish", "--from", file, "--to", dir.resolve("to.json"));

        assertThat(run.code()).isOne();
        assertThat(run.out()).contains("cannot be read", "report.json");
        assertThat(dir.resolve("to.json")).doesNotExist();
    }
}
