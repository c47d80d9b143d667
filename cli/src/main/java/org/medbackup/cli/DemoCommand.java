package org.medbackup.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.demo.Demo;
import org.medbackup.demo.DemoResult;
import org.medbackup.documents.JsonValue;
import org.medbackup.recovery.Prediction;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The main job on embedded defaults. */
@Command(
        name = "demo",
        description =
                "Shows the main job with a real PostgreSQL and documents in use: backup, verification, restore, proof"
                        + " of equality. Needs no configuration and no root.")
final class DemoCommand extends ProductCommand {

    @Option(names = "--dir", paramLabel = "D", description = "A new or empty folder for all of it.")
    @Nullable
    Path dir;

    @Option(names = "--keep", description = "Leaves everything there.")
    boolean keep;

    @Override
    Answer answer() {
        DemoResult result = Demo.run(
                Demo.Scale.USUAL,
                dir,
                keep,
                Demo.serverCache(),
                line -> root().terminal().tell(line));
        return answer(result);
    }

    static Answer answer(DemoResult result) {
        var rto = new LinkedHashMap<String, Object>();
        rto.put("predicted", predicted(result.predicted()));
        rto.put(
                "actual",
                result.actual() == null
                        ? new JsonValue.Null()
                        : Map.of("seconds", BackupAnswer.seconds(result.actual())));
        var answer = new Answer()
                .field("steps", steps(result.steps()))
                .field("snapshots", result.snapshots())
                .field("rto", rto)
                .field(
                        "report",
                        result.report() == null ? null : result.report().toString());
        return result.isRight()
                ? answer
                : answer.ending(
                        ExitCode.FAILED,
                        ErrorCode.APPLICATION_FAILED,
                        "the step \"" + result.steps().getLast().name() + "\" failed: "
                                + result.steps().getLast().message());
    }

    private static Object predicted(@Nullable Prediction prediction) {
        if (prediction == null) {
            return new JsonValue.Null();
        }
        var members = new LinkedHashMap<String, Object>();
        members.put("seconds", BackupAnswer.seconds(prediction.expected()));
        members.put("low", BackupAnswer.seconds(prediction.low()));
        members.put("high", BackupAnswer.seconds(prediction.high()));
        return members;
    }

    private static List<Map<String, Object>> steps(List<DemoResult.Step> steps) {
        return steps.stream()
                .map(step -> {
                    Map<String, Object> members = new LinkedHashMap<>();
                    members.put("name", step.name());
                    members.put("ok", step.ok());
                    members.put("seconds", BackupAnswer.seconds(step.took()));
                    members.put("message", step.message());
                    return members;
                })
                .toList();
    }

    @Override
    Answer answer(MedBackup product) {
        return answer();
    }
}
