package org.medbackup.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.resilience.Action;
import org.medbackup.resilience.Trouble;
import org.medbackup.service.JobResult;
import org.medbackup.service.JobState;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Jobs of the configuration, now. */
@Command(
        name = "run",
        description = "Runs jobs of the configuration now: backup, verification, copies, retention. What fails is tried"
                + " again as the catalogue of failures says.")
final class RunCommand extends LimitedCommand {

    /** Of several outcomes the first of these is told, as the contract has it. */
    private static final List<Integer> WORST_FIRST =
            List.of(ExitCode.INTERRUPTED, ExitCode.FAILED, ExitCode.DAMAGE, ExitCode.REFUSED, ExitCode.INCOMPLETE);

    @Parameters(arity = "0..*", paramLabel = "JOB", description = "Names of jobs (default: all).")
    List<String> jobs = new ArrayList<>();

    @Override
    boolean isBackground() {
        return true;
    }

    @Override
    Answer answer(MedBackup product) {
        List<JobResult> results = product.jobs().run(root().access(), jobs);
        var answer = new Answer()
                .field("jobs", results.stream().map(RunCommand::members).toList());
        for (JobResult result : results) {
            answer.line(line(result));
            result.troubles().forEach(each -> answer.line("  " + line(each)));
        }
        return ended(answer, results);
    }

    private static Answer ended(Answer answer, List<JobResult> results) {
        List<Integer> codes = results.stream().map(RunCommand::exitCode).toList();
        // Where nothing could be started for any job, it is the call or the configuration that is wrong.
        int code = codes.stream().allMatch(each -> each == ExitCode.USAGE)
                ? ExitCode.USAGE
                : WORST_FIRST.stream()
                        .filter(each ->
                                codes.contains(each) || each == ExitCode.FAILED && codes.contains(ExitCode.USAGE))
                        .findFirst()
                        .orElse(ExitCode.DONE);
        List<JobResult> failed = results.stream()
                .filter(each -> each.state().compareTo(JobState.INCOMPLETE) > 0)
                .toList();
        if (failed.isEmpty()) {
            return answer.ending(code, null, "");
        }
        BackupException last = failed.getFirst().reason().orElseThrow().cause();
        return answer.ending(
                code,
                last.code(),
                failed.size() + " of " + results.size() + " jobs failed; the first by: " + last.describe());
    }

    private static int exitCode(JobResult result) {
        return switch (result.state()) {
            case SUCCEEDED, DEGRADED -> ExitCode.DONE;
            case INCOMPLETE -> ExitCode.INCOMPLETE;
            case REFUSED -> ExitCode.REFUSED;
            case CANCELLED -> ExitCode.INTERRUPTED;
            case FAILED -> ExitCode.of(result.reason().orElseThrow().cause());
        };
    }

    private static Map<String, Object> members(JobResult result) {
        var members = new LinkedHashMap<String, Object>();
        members.put("name", result.name());
        members.put("state", result.state());
        members.put(
                "snapshot",
                result.snapshots().isEmpty() ? Answer.NONE : result.snapshots().getFirst());
        members.put("snapshots", result.snapshots());
        members.put("target", result.target().isEmpty() ? Answer.NONE : result.target());
        members.put("freezeSeconds", BackupAnswer.seconds(result.frozen()));
        members.put("attempts", result.attempts());
        members.put("missingCopies", result.missingCopies());
        members.put("seconds", BackupAnswer.seconds(result.took()));
        members.put(
                "errors", result.troubles().stream().map(RunCommand::members).toList());
        return members;
    }

    private static Map<String, Object> members(Trouble trouble) {
        ErrorCode code = trouble.cause().code();
        Map<String, Object> members = Answer.error(code, trouble.cause().describe());
        // What the catalogue says of just this failure says more than the code alone.
        members.put("remedy", trouble.failure().remedy());
        members.put("failure", trouble.failure().id());
        members.put("stage", trouble.stage());
        members.put("attempt", trouble.attempt());
        members.put("action", trouble.action());
        members.put("pauseSeconds", BackupAnswer.seconds(trouble.pause()));
        members.put("time", trouble.time().toString());
        return members;
    }

    private static String line(JobResult result) {
        String made = result.snapshots().isEmpty()
                ? "no restore point"
                : "restore point "
                        + String.join(
                                ", ",
                                result.snapshots().stream()
                                        .map(each -> each.substring(0, 8))
                                        .toList());
        String where = result.target().isEmpty() ? "" : " at " + result.target();
        String missing = result.missingCopies() == 0 ? "" : ", " + result.missingCopies() + " copies still to be made";
        return String.format(
                Locale.ROOT,
                "%s: %s, %s%s%s, %d attempts in %.1f s",
                result.name(),
                result.state(),
                made,
                where,
                missing,
                result.attempts(),
                BackupAnswer.seconds(result.took()));
    }

    private static String line(Trouble trouble) {
        String done = trouble.action() == Action.STOP
                ? "given up. " + trouble.failure().remedy()
                : String.format(
                        Locale.ROOT,
                        "%s after %.1f s",
                        trouble.action().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        BackupAnswer.seconds(trouble.pause()));
        return trouble.stage() + ", attempt " + trouble.attempt() + ": "
                + trouble.failure().title() + " (" + trouble.cause().code() + "): " + done;
    }
}
