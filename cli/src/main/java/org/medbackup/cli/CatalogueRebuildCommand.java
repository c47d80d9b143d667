package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.scheduler.state.Catalogue;
import org.medbackup.service.CatalogueOperations.Rebuilt;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;

/** Reads all targets. */
@Command(
        name = "rebuild",
        description =
                "Reads the repository and all targets anew, and says what is gone that nobody gave up. A daemon does"
                        + " this by itself once a day, and after each job.")
final class CatalogueRebuildCommand extends ProductCommand {

    @Override
    Answer answer(MedBackup product) {
        List<Rebuilt> targets = product.catalogue().rebuild(root().access());
        var answer = new Answer()
                .field(
                        "targets",
                        targets.stream().map(CatalogueRebuildCommand::members).toList());
        targets.forEach(each -> answer.line(line(each)));
        if (targets.stream().allMatch(each -> each.failure() != null)) {
            throw targets.getFirst().failure();
        }
        long lost = targets.stream().mapToLong(each -> each.lost().size()).sum();
        if (lost > 0) {
            return answer.ending(
                    ExitCode.DAMAGE, ErrorCode.SNAPSHOT_MISSING, lost + " restore points are gone that nobody gave up");
        }
        return targets.stream().anyMatch(each -> each.failure() != null)
                ? answer.ending(ExitCode.INCOMPLETE, null, "")
                : answer;
    }

    private static String line(Rebuilt read) {
        String target = CopyLedger.shown(read.target());
        BackupException failure = read.failure();
        Catalogue.Change change = read.change();
        if (failure != null || change == null) {
            return target + " could not be read: " + (failure == null ? "" : failure.describe());
        }
        return target + ": " + change.points() + " restore points, " + change.added() + " were not known, "
                + change.gone().size() + " are gone"
                + (read.lost().isEmpty()
                        ? ""
                        : ", and nobody gave these up: " + String.join(", ", new TreeSet<>(read.lost())));
    }

    private static Map<String, Object> members(Rebuilt read) {
        var members = new LinkedHashMap<String, Object>();
        members.put("name", CopyLedger.shown(read.target()));
        Catalogue.Change change = read.change();
        members.put("restorePoints", change == null ? Answer.NONE : change.points());
        members.put("added", change == null ? Answer.NONE : change.added());
        members.put("gone", change == null ? List.of() : new TreeSet<>(change.gone()));
        members.put("lost", new TreeSet<>(read.lost()));
        BackupException failure = read.failure();
        members.put("error", failure == null ? Answer.NONE : Answer.error(failure.code(), failure.describe()));
        return members;
    }
}
