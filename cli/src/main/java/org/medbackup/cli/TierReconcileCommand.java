package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.service.JobOperations.Reconciled;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;

/** Makes the copies that are missing. */
@Command(
        name = "reconcile",
        description =
                "Makes the copies that are still to be made, oldest first: what was stored elsewhere while a target was"
                        + " away comes back to it. Jobs do the same at their end.")
final class TierReconcileCommand extends LimitedCommand {

    @Override
    boolean isBackground() {
        return true;
    }

    @Override
    Answer answer(MedBackup product) {
        List<Reconciled> done = product.jobs().reconcile(root().access());
        long missing = done.stream()
                .filter(each -> each.state() == Reconciled.State.MISSING)
                .count();
        var answer = new Answer()
                .field(
                        "copies",
                        done.stream().map(TierReconcileCommand::members).toList())
                .field("missing", missing);
        done.forEach(each -> answer.line(line(each)));
        answer.line(missing == 0 ? "no copy is missing" : missing + " copies are still missing");
        return missing == 0 ? answer : answer.incomplete();
    }

    private static String line(Reconciled each) {
        BackupException failure = each.failure();
        return each.copy().snapshot().substring(0, 8) + " from "
                + CopyLedger.shown(each.copy().from()) + " to "
                + CopyLedger.shown(each.copy().to()) + ": "
                + each.state().name().toLowerCase(Locale.ROOT) + (failure == null ? "" : ", " + failure.describe());
    }

    private static Map<String, Object> members(Reconciled each) {
        BackupException failure = each.failure();
        var members = new LinkedHashMap<String, Object>();
        members.put("snapshot", each.copy().snapshot());
        members.put("from", CopyLedger.shown(each.copy().from()));
        members.put("to", CopyLedger.shown(each.copy().to()));
        members.put("since", each.copy().since().toString());
        members.put("state", each.state());
        members.put("error", failure == null ? Answer.NONE : failure.code());
        return members;
    }
}
