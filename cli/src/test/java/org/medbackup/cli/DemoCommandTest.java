package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.demo.DemoResult;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.recovery.Prediction;

class DemoCommandTest {

    @TempDir
    Path temp;

    private static JsonValue.Members json(Answer answer) {
        return Json.parseMembers(Json.write(JsonValue.of(answer.document())));
    }

    @Test
    void theAnswerHoldsStepsRestorePointsTimesAndTheReport() {
        var step = new DemoResult.Step("verify every chunk", true, Duration.ofMillis(1500), "3 packs");
        Prediction prediction = Prediction.of("restore", Duration.ofSeconds(2), 0.5);
        var result = new DemoResult(
                List.of(step), List.of("ab12"), prediction, Duration.ofMillis(2345), Path.of("/x/report.json"));

        Answer answer = DemoCommand.answer(result);

        assertThat(answer.exitCode()).isZero();
        JsonValue.Members json = json(answer);
        assertThat(json.values().keySet()).containsExactly("ok", "steps", "snapshots", "rto", "report");
        assertThat(Shell.first(json, "steps").values())
                .containsEntry("name", new JsonValue.Text("verify every chunk"))
                .containsEntry("ok", new JsonValue.Truth(true))
                .containsEntry("seconds", new JsonValue.Decimal(1.5));
        assertThat(json.members("rto").members("predicted").values().keySet())
                .containsExactly("seconds", "low", "high");
        assertThat(json.members("rto").members("actual").values())
                .containsExactly(java.util.Map.entry("seconds", new JsonValue.Decimal(2.345)));
        assertThat(json.text("report")).isEqualTo("/x/report.json");
    }

    @Test
    void aStepThatFailedEndsWithOneAndIsNamed() {
        var failed = new DemoResult.Step("restore the documents", false, Duration.ZERO, "no room");
        var result = new DemoResult(List.of(failed), List.of(), null, null, null);

        Answer answer = DemoCommand.answer(result);

        assertThat(answer.exitCode()).isEqualTo(1);
        JsonValue.Members json = json(answer);
        assertThat(json.members("error").text("message")).contains("restore the documents", "no room");
        assertThat(json.members("rto").values())
                .containsEntry("predicted", new JsonValue.Null())
                .containsEntry("actual", new JsonValue.Null());
        assertThat(json.values()).containsEntry("report", new JsonValue.Null());
    }

    @Test
    void aFolderThatIsNotEmptyIsRefused() {
        Shell.write(temp.resolve("dir/somebody's.txt"), "here");
        var shell = new Shell(temp);

        shell.run("demo", "--dir", temp.resolve("dir").toString()).endsWith(2).saysWhatIsWrong("not empty", "dir");
        assertThat(shell.run(
                                "demo",
                                "--keep",
                                "--json",
                                "--dir",
                                temp.resolve("dir").toString())
                        .endsWith(2)
                        .error())
                .isEqualTo("TARGET_UNUSABLE");
        assertThat(temp.resolve("dir")).isDirectoryContaining("glob:**/somebody's.txt");
    }
}
