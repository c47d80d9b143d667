package org.medbackup.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.ByteSizes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.policy.SimulationResult;
import org.medbackup.policy.SimulationResult.PlacementClass;
import org.medbackup.service.MedBackup;
import org.medbackup.service.PolicyReports;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What another policy would change. */
@Command(
        name = "simulate",
        description =
                "Shows what a policy would change if it were in force: what moves, what it costs, what is protected"
                        + " less. Changes nothing.")
final class PolicySimulateCommand extends ProductCommand {

    @Option(names = "--candidate", required = true, paramLabel = "FILE", description = "The policy.")
    @Nullable
    Path candidate;

    @Option(
            names = "--catalogue",
            paramLabel = "FILE",
            description = "A list of files, one JSON object a line: path, size, kind, modified, uid, gid, labels.")
    @Nullable
    Path catalogue;

    @Parameters(
            arity = "0..*",
            paramLabel = "PATH",
            description = "Files and folders; without them those of the jobs of the configuration.")
    List<String> paths = List.of();

    @Override
    Answer answer(MedBackup product) {
        Path file = candidate;
        if (file == null || catalogue != null && !paths.isEmpty()) {
            throw ErrorCode.USAGE.because("--catalogue and paths exclude each other");
        }
        PolicyReports.Simulated simulated = product.policy()
                .simulate(file, catalogue, paths.stream().map(Paths::absolute).toList());
        SimulationResult result = simulated.result();
        var answer = new Answer()
                .field("inForce", PolicyAnswer.policy(simulated.inForce()))
                .field(
                        "candidate",
                        Map.of(
                                "version", simulated.candidate().version(),
                                "digest", simulated.candidate().digest()))
                .field("files", result.files())
                .field("bytes", result.bytes())
                .field(
                        "moves",
                        result.moves().stream().map(PolicySimulateCommand::move).toList())
                .field("cost", cost(result.cost()))
                .field("quarantined", change(result.quarantined()))
                .field("lock", lock(result.lock()))
                .field("recall", recall(result.recall()))
                .field("neverHit", result.neverHit())
                .field("weakenings", PolicyAnswer.weakenings(simulated.weakenings()))
                .field("weakened", result.weakened())
                .field(
                        "examples",
                        result.examples().stream()
                                .map(PolicySimulateCommand::example)
                                .toList())
                .field("unreadable", simulated.unreadable());
        lines(answer, simulated);
        return simulated.unreadable() == 0
                ? answer
                : answer.line(simulated.unreadable() + " could not be read; such files count as patient data")
                        .incomplete();
    }

    private static Map<String, Object> of(PlacementClass placement) {
        var members = new LinkedHashMap<String, Object>();
        members.put("tier", placement.tier());
        members.put("retention", placement.retention());
        members.put("keyDomain", placement.keyDomain());
        members.put("copies", placement.copies());
        return members;
    }

    private static Map<String, Object> move(SimulationResult.Move move) {
        var members = new LinkedHashMap<String, Object>();
        members.put("from", of(move.from()));
        members.put("to", of(move.to()));
        members.put("files", move.files());
        members.put("bytes", move.bytes());
        return members;
    }

    private static Map<String, Object> example(SimulationResult.Example example) {
        var members = new LinkedHashMap<String, Object>();
        members.put("path", example.path());
        members.put("from", of(example.from()));
        members.put("to", of(example.to()));
        return members;
    }

    private static @Nullable Object cost(SimulationResult.@Nullable Cost cost) {
        if (cost == null) {
            return null;
        }
        var members = new LinkedHashMap<String, Object>();
        members.put("before", cost.before());
        members.put("after", cost.after());
        members.put("moving", cost.moving());
        members.put("earlyAtMost", cost.earlyAtMost());
        return members;
    }

    private static Map<String, Object> change(SimulationResult.Change change) {
        var members = new LinkedHashMap<String, Object>();
        members.put("before", change.before());
        members.put("after", change.after());
        return members;
    }

    private static Map<String, Object> lock(SimulationResult.Lock lock) {
        var members = new LinkedHashMap<String, Object>();
        members.put("longer", lock.longer());
        members.put("shorter", lock.shorter());
        members.put("gigabyteMonths", lock.gigabyteMonths());
        return members;
    }

    private static Map<String, Object> recall(SimulationResult.Recall recall) {
        var members = new LinkedHashMap<String, Object>();
        members.put("beforeSeconds", recall.before().toSeconds());
        members.put("afterSeconds", recall.after().toSeconds());
        members.put("slower", recall.slower());
        members.put("faster", recall.faster());
        members.put("beyondRto", recall.beyondRto());
        return members;
    }

    private static void lines(Answer answer, PolicyReports.Simulated simulated) {
        SimulationResult result = simulated.result();
        answer.line(PolicyAnswer.line(simulated.inForce()))
                .line("of " + PolicyAnswer.files(result.files()) + ", " + ByteSizes.text(result.bytes()) + ":");
        result.moves()
                .forEach(each -> answer.line("  " + PolicyAnswer.files(each.files()) + ", "
                        + ByteSizes.text(each.bytes()) + ": " + text(each.from()) + " -> " + text(each.to())));
        if (result.moves().isEmpty()) {
            answer.line("  none changes");
        }
        SimulationResult.Cost cost = result.cost();
        if (cost != null) {
            answer.line("cost a month: " + PolicyAnswer.money(cost.before()) + " -> "
                    + PolicyAnswer.money(cost.after()) + "; once for moving: " + PolicyAnswer.money(cost.moving())
                    + ", and " + PolicyAnswer.money(cost.earlyAtMost()) + " at most for what leaves early");
        }
        SimulationResult.Lock lock = result.lock();
        if (lock.longer() + lock.shorter() > 0) {
            answer.line(String.format(
                    Locale.ROOT,
                    "locked for longer: %s, for a shorter time: %s; %+.3g months times gigabytes",
                    PolicyAnswer.files(lock.longer()),
                    PolicyAnswer.files(lock.shorter()),
                    lock.gigabyteMonths()));
        }
        SimulationResult.Recall recall = result.recall();
        if (recall.slower() + recall.faster() + recall.beyondRto() > 0) {
            answer.line("back later: " + PolicyAnswer.files(recall.slower()) + ", sooner: " + recall.faster()
                    + ", later than they may: " + recall.beyondRto() + "; the slowest "
                    + recall.before().toHours() + " h -> " + recall.after().toHours() + " h");
        }
        if (result.quarantined().after() > 0) {
            answer.line("quarantined: " + result.quarantined().before() + " -> "
                    + result.quarantined().after() + " files");
        }
        if (!result.neverHit().isEmpty()) {
            answer.line("rules that decide nothing: " + String.join(", ", result.neverHit()));
        }
        simulated.weakenings().forEach(each -> answer.line("WEAKER: " + each.message()));
        result.weakened()
                .forEach((kind, files) -> answer.line("WEAKER: " + kind + " for " + PolicyAnswer.files(files)));
        result.examples()
                .forEach(each ->
                        answer.line("  such as " + each.path() + ": " + text(each.from()) + " -> " + text(each.to())));
    }

    private static String text(PlacementClass each) {
        return each.tier() + "/" + each.retention() + "/" + each.keyDomain() + "/" + each.copies();
    }
}
