package org.medbackup.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.recovery.Prediction;
import org.medbackup.recovery.learn.Score;
import org.medbackup.recovery.plan.PlanPrediction;
import org.medbackup.recovery.plan.PlanPrediction.Basis;
import org.medbackup.recovery.plan.WhatIf;
import org.medbackup.recovery.simulate.Resource;
import org.medbackup.service.MedBackup;
import org.medbackup.service.RestoreOrder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Predicts a recovery. */
@Command(
        name = "predict",
        description =
                "Predicts how long a plan of recovery takes, or the restore of one restore point: what has to be"
                        + " done is read from the repository, and what that costs here is measured by restoring a little of it.")
final class RtoPredictCommand extends LimitedCommand {

    @Parameters(arity = "0..1", paramLabel = "PLAN", description = "File of the plan.")
    @Nullable
    Path plan;

    @Option(names = "--snapshot", paramLabel = "SNAPSHOT", description = "Instead: this restore point.")
    @Nullable
    String snapshot;

    @Option(
            names = "--target",
            required = true,
            paramLabel = "FOLDER",
            description = "Folder on the file system that will be restored to; what is measured is removed again.")
    Path target = Path.of("");

    @Option(
            names = "--what-if",
            paramLabel = "NAME=VALUE",
            description =
                    "Of a plan: in other circumstances, such as read=200MiB/s, write=none, processors=4, parallel=3,"
                            + " slower=0.5, recall=expedited. May be given again.")
    List<String> whatIf = List.of();

    @Override
    Answer answer(MedBackup product) {
        if ((plan == null) == (snapshot == null)) {
            throw ErrorCode.USAGE.because("either a plan or --snapshot says what is to be recovered");
        }
        return plan != null
                ? planned(
                        product.plans().predict(root().access(), plan, target, WhatIf.parse(whatIf)),
                        product.drillBook().score())
                : restored(product.predict(
                        root().access(),
                        new RestoreOrder(String.valueOf(snapshot), PathBytes.of("/"), List.of(), target)));
    }

    private static Answer restored(Prediction prediction) {
        return told(prediction.expected(), prediction.low(), prediction.high())
                .field(
                        "stages",
                        prediction.stages().stream()
                                .map(each -> stage(each.name(), each.expected()))
                                .toList())
                .field(
                        "criticalPath",
                        prediction.stages().stream().map(Prediction.Stage::name).toList());
    }

    private static Answer planned(PlanPrediction prediction, Score score) {
        Answer answer = told(prediction.expected(), prediction.low(), prediction.high())
                .field("plan", prediction.plan())
                .field("seed", prediction.seed())
                .field("regime", prediction.basis().regime().name())
                .field("noise", prediction.basis().noise())
                .field("bound", prediction.basis().bound())
                .field("drills", prediction.basis().drills())
                .field("gains", gains(prediction.basis()))
                .field("score", score(score))
                .field(
                        "stages",
                        prediction.stages().stream()
                                .map(each -> stage(each.name(), each.length()))
                                .toList())
                .field("criticalPath", prediction.criticalPath())
                .field(
                        "applications",
                        prediction.applications().entrySet().stream()
                                .map(each -> application(each.getKey(), each.getValue()))
                                .toList());
        prediction
                .applications()
                .forEach((name, each) -> answer.line(String.format(
                        Locale.ROOT,
                        "  %s  after %s, one time in ten after more than %s; within its objective in %.0f of 100",
                        name,
                        said(each.expected()),
                        said(each.high()),
                        100 * each.met())));
        return answer.line("decided by " + String.join(" -> ", prediction.criticalPath()))
                .line(basis(prediction.basis()))
                .line(
                        score.drills() == 0
                                ? "no drill of this site has shown yet how good that is"
                                : String.format(
                                        Locale.ROOT,
                                        "of %d drills of this site %d took as long as predicted within a tenth, and the interval held %d",
                                        score.drills(),
                                        score.within(),
                                        score.covered()));
    }

    private static String basis(Basis basis) {
        String gains = basis.gains().entrySet().stream()
                .filter(each -> each.getValue() >= 0.05)
                .map(each -> String.format(
                        Locale.ROOT,
                        "; a tenth more of %s would gain %.1f s",
                        each.getKey().name().toLowerCase(Locale.ROOT),
                        each.getValue()))
                .sorted()
                .collect(Collectors.joining());
        return switch (basis.regime()) {
            case ENVELOPED ->
                String.format(Locale.ROOT, "its envelope decides %.0f of 100 of it%s", 100 * basis.bound(), gains);
            case QUIET ->
                String.format(
                        Locale.ROOT, "the machine decides, which differs by %.0f of 100%s", 100 * basis.noise(), gains);
            case SHARED ->
                String.format(
                        Locale.ROOT,
                        "the machine decides, and the same work takes other times: they differ by %.0f of 100. Only the interval"
                                + " says something; declare an envelope",
                        100 * basis.noise());
        };
    }

    private static Answer told(Duration expected, Duration low, Duration high) {
        return new Answer()
                .field("predicted", BackupAnswer.seconds(expected))
                .field("low", BackupAnswer.seconds(low))
                .field("high", BackupAnswer.seconds(high))
                .line(said(expected) + " (" + said(low) + " to " + said(high) + ")");
    }

    private static String said(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3);
    }

    private static Map<String, Object> stage(String name, Duration length) {
        var members = new LinkedHashMap<String, Object>();
        members.put("name", name);
        members.put("seconds", BackupAnswer.seconds(length));
        return members;
    }

    private static Map<String, Object> gains(Basis basis) {
        var members = new LinkedHashMap<String, Object>();
        for (Resource each : Resource.values()) {
            if (basis.gains().containsKey(each)) {
                members.put(each.name(), basis.gains().get(each));
            }
        }
        return members;
    }

    private static Map<String, Object> score(Score score) {
        var members = new LinkedHashMap<String, Object>();
        members.put("drills", score.drills());
        members.put("within", score.within());
        members.put("covered", score.covered());
        members.put("meanError", score.meanError());
        members.put("bias", score.bias());
        members.put("coveredAtLeast", score.coveredAtLeast());
        members.put("coveredAtMost", score.coveredAtMost());
        members.put("medianWidth", score.medianWidth());
        return members;
    }

    private static Map<String, Object> application(String name, PlanPrediction.Outlook outlook) {
        var members = new LinkedHashMap<String, Object>();
        members.put("name", name);
        members.put("predicted", BackupAnswer.seconds(outlook.expected()));
        members.put("high", BackupAnswer.seconds(outlook.high()));
        members.put("met", outlook.met());
        return members;
    }
}
