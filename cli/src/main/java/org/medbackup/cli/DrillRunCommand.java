package org.medbackup.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.service.DrillChain;
import org.medbackup.service.DrillOrder;
import org.medbackup.service.DrillReport;
import org.medbackup.service.DrillResult;
import org.medbackup.service.DrillResult.Network;
import org.medbackup.service.DrillResult.Recovered;
import org.medbackup.service.EvidenceRequest;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rehearses a recovery. */
@Command(
        name = "run",
        description =
                "Predicts a plan of recovery, carries it out in a folder of its own under its envelope, measures and"
                        + " checks it, and takes everything away again.")
final class DrillRunCommand extends LimitedCommand {

    @Parameters(
            paramLabel = "PLAN",
            arity = "1..*",
            description = "File of the plan; several are carried out one after the other, as after the loss of a site.")
    List<Path> plans = new ArrayList<>();

    @Mixin
    DrillChoiceOptions choice = new DrillChoiceOptions();

    @Option(
            names = "--objective",
            paramLabel = "SPAN",
            converter = Spans.class,
            description = "Within which all of several plans are to be carried out, such as 12h.")
    Duration objective = Duration.ZERO;

    @Option(
            names = "--scratch",
            required = true,
            paramLabel = "FOLDER",
            description =
                    "Folder on the file system that will be restored to in earnest; what is restored in it is taken"
                            + " away again.")
    Path scratch = Path.of("");

    @Mixin
    EvidenceOptions evidence = new EvidenceOptions();

    @Option(
            names = "--share-network",
            description =
                    "Starts what cannot have a network of its own in that of this machine, where production may be.")
    boolean shareNetwork;

    @Override
    Answer answer(MedBackup product) {
        // Read before the drill, so that what is wrong in it is told before, and what happens to its file meanwhile
        // does not matter.
        EvidenceRequest request = evidence.request();
        List<DrillOrder> orders = plans.stream()
                .map(each -> choice.order(each, scratch).sharingNetwork(shareNetwork))
                .toList();
        DrillChain chain = product.drills().run(root().access(), orders, objective);
        return chain.drills().size() == 1 && objective.isZero()
                ? answer(product, chain.drills().getFirst(), request)
                : answer(product, chain, request);
    }

    /** Of several plans: the whole, and each of them. */
    private Answer answer(MedBackup product, DrillChain chain, EvidenceRequest request) {
        List<DrillResult> drills = chain.drills();
        var answer = new Answer()
                .field("predicted", seconds(chain.predicted()))
                .field("actual", seconds(chain.actual()))
                .field("errorPercent", Math.round(chain.errorPercent() * 10) / 10.0)
                .field("objective", seconds(chain.objective()))
                .field("met", chain.isMet())
                .field(
                        "stages",
                        drills.stream().flatMap(each -> stages(each).stream()).toList())
                .field(
                        "checks",
                        drills.stream().flatMap(each -> checks(each).stream()).toList())
                .field("cleanup", Map.of("ok", chain.isClean()))
                .field("drills", drills.stream().map(DrillReport::members).toList());
        for (int i = 0; i < drills.size(); i++) {
            answer.line(drills.get(i).plan());
            lines(answer, drills.get(i));
            evidence(answer, product, drills.get(i), plans.get(i), request);
        }
        answer.line(String.format(
                Locale.ROOT,
                "all: predicted %.1f s, took %.1f s (%+.1f %%)%s",
                seconds(chain.predicted()),
                seconds(chain.actual()),
                chain.errorPercent(),
                chain.isMet() ? "" : ", OBJECTIVE MISSED"));
        return ended(answer, chain.isSound(), chain.isMet(), chain.isClean());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    private Answer answer(MedBackup product, DrillResult result, EvidenceRequest request) {
        var answer = new Answer();
        Map<String, Object> members = DrillReport.members(result);
        members.forEach(answer::field);
        answer.field("stages", stages(result)).field("checks", checks(result));
        lines(answer, result);
        evidence(answer, product, result, plans.getFirst(), request);
        return ended(answer, result.isSound(), result.isMet(), result.clean());
    }

    private void lines(Answer answer, DrillResult result) {
        answer.line(String.format(
                Locale.ROOT,
                "predicted %.1f s, took %.1f s (%+.1f %%)",
                result.prediction().expected().toMillis() / 1e3,
                result.actual().toMillis() / 1e3,
                result.errorPercent()));
        result.applications().forEach(each -> answer.line(line(each)));
        result.notBegun().forEach(each -> answer.line("  " + each + "  NOT BEGUN: what it needs was not there"));
        if (result.choice().isPartial()) {
            answer.line("a sample of the files alone: it does not show that the whole can be recovered in time");
        }
        answer.line(result.clean() ? "nothing of it is left" : "SOMETHING OF IT IS LEFT in " + scratch);
    }

    private void evidence(Answer answer, MedBackup product, DrillResult result, Path plan, EvidenceRequest request) {
        if (evidence.report != null) {
            answer.line("the evidence is in " + product.evidence().write(result, plan, evidence.report, request));
        }
    }

    private static Answer ended(Answer answer, boolean sound, boolean met, boolean clean) {
        if (!sound) {
            return answer.ending(ExitCode.DAMAGE, ErrorCode.RESTORED_CONTENT_WRONG, "a check of the drill failed");
        }
        if (!met) {
            return answer.ending(ExitCode.OBJECTIVE_MISSED, ErrorCode.OBJECTIVE_MISSED, "an objective was missed");
        }
        return clean ? answer : answer.ending(ExitCode.FAILED, ErrorCode.TARGET_UNUSABLE, "something is left");
    }

    private static String line(Recovered each) {
        String checks = String.join(
                ", ",
                each.checks().stream()
                        .map(check -> check.name() + (check.ok() ? " ok" : " FAILED: " + check.message()))
                        .toList());
        return String.format(
                Locale.ROOT,
                "  %s  there after %.1f s of %.0f%s%s; %s",
                each.name(),
                each.end().toMillis() / 1e3,
                each.rto().toMillis() / 1e3,
                each.isMet() ? "" : ", OBJECTIVE MISSED",
                each.network() == Network.SHARED ? ", in the network of this machine" : "",
                checks);
    }

    private static List<Map<String, Object>> stages(DrillResult result) {
        List<Map<String, Object>> stages = new ArrayList<>();
        result.applications()
                .forEach(each -> each.stages()
                        .forEach(stage -> stages.add(Map.of(
                                "name",
                                each.name() + "/" + stage.stage(),
                                "begin",
                                stage.begin().toMillis() / 1e3,
                                "seconds",
                                stage.end().minus(stage.begin()).toMillis() / 1e3))));
        return stages;
    }

    private static List<Map<String, Object>> checks(DrillResult result) {
        List<Map<String, Object>> checks = new ArrayList<>();
        result.applications()
                .forEach(each -> each.checks()
                        .forEach(check ->
                                checks.add(Map.of("name", each.name() + "/" + check.name(), "ok", check.ok()))));
        return checks;
    }
}
