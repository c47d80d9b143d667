package org.medbackup.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.service.ApplicationBackup;
import org.medbackup.service.ApplicationRehearsal;
import org.medbackup.service.GroupedBackup;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A consistent backup of an application, or of a group of them at one point. */
@Command(name = "backup", description = "Backs up applications in a consistent state, while they are in use.")
final class AppBackupCommand extends LimitedCommand {

    /** Of what. */
    static final class Subject {

        @Parameters(index = "0", paramLabel = "APP", description = "A name of the configuration, or an address.")
        String application = "";

        @Option(names = "--group", paramLabel = "GROUP", description = "All applications of a group, at one point.")
        String group = "";
    }

    @ArgGroup(exclusive = true, multiplicity = "1")
    Subject subject = new Subject();

    @Option(names = "--dry-run", description = "Says what would be done and whether it could begin; changes nothing.")
    boolean dryRun;

    @Override
    Answer answer(MedBackup product) {
        if (!subject.group.isEmpty()) {
            if (dryRun) {
                throw ErrorCode.USAGE.because("--dry-run is for one application");
            }
            return answer(product.applications().backupGroup(root().access(), subject.group));
        }
        return dryRun
                ? answer(product.applications().rehearse(subject.application))
                : answer(product.applications().backup(root().access(), subject.application));
    }

    private static Answer answer(ApplicationBackup done) {
        Answer answer = BackupAnswer.of(done.backup());
        reached(done).forEach(answer::field);
        return answer.line(line(done));
    }

    private static Map<String, Object> reached(ApplicationBackup done) {
        var members = new LinkedHashMap<String, Object>();
        members.put("state", done.state());
        members.put("consistency", done.consistency());
        members.put("freezeSeconds", BackupAnswer.seconds(done.frozen()));
        members.put("addedSeconds", BackupAnswer.seconds(done.added()));
        Long dirty = done.dirtyBuffers();
        members.put("dirtyBuffers", dirty == null ? Answer.NONE : dirty);
        members.put("position", done.position());
        members.put("attempts", done.attempts());
        return members;
    }

    private static String line(ApplicationBackup done) {
        return String.format(
                Locale.ROOT,
                "%s at %s; frozen %.3f s, added %.3f s",
                done.consistency(),
                done.position(),
                BackupAnswer.seconds(done.frozen()),
                BackupAnswer.seconds(done.added()));
    }

    private static Answer answer(GroupedBackup done) {
        var answer = new Answer();
        List<Map<String, Object>> members = new ArrayList<>();
        done.members().forEach((name, each) -> {
            Answer own = BackupAnswer.of(each.backup());
            var member = new LinkedHashMap<String, Object>();
            member.put("application", name);
            member.putAll(own.fields());
            member.putAll(reached(each));
            members.add(member);
            answer.line(name + ": " + own.lines().getFirst()).line("  " + line(each));
            if (own.exitCode() == ExitCode.INCOMPLETE) {
                answer.incomplete();
            }
        });
        return answer.field("group", done.group())
                .field("state", done.state())
                .field("members", members)
                .field("skewSeconds", BackupAnswer.seconds(done.skew()))
                .line(String.format(Locale.ROOT, "marks within %.3f s", BackupAnswer.seconds(done.skew())));
    }

    private static Answer answer(ApplicationRehearsal rehearsal) {
        var answer = new Answer();
        List<Map<String, Object>> phases = new ArrayList<>();
        for (ApplicationRehearsal.Step step : rehearsal.steps()) {
            Duration budget = step.budget();
            var phase = new LinkedHashMap<String, Object>();
            phase.put("name", step.phase());
            phase.put("budgetSeconds", budget == null ? Answer.NONE : BackupAnswer.seconds(budget));
            phases.add(phase);
            answer.line(step.phase() + (budget == null ? "" : ", at most " + BackupAnswer.seconds(budget) + " s"));
        }
        AppCheckCommand.lines(rehearsal.checks(), answer);
        answer.field("phases", phases)
                .field("checks", AppCheckCommand.members(rehearsal.checks()))
                .field("longestSeconds", BackupAnswer.seconds(rehearsal.longest()))
                .field("limitSeconds", BackupAnswer.seconds(rehearsal.limit()));
        return rehearsal.isReady()
                ? answer
                : answer.ending(
                        ExitCode.OBJECTIVE_MISSED,
                        ErrorCode.APPLICATION_NOT_READY,
                        "the backup would not begin, or could hold the application up for too long");
    }
}
