package org.medbackup.cli;

import java.util.Locale;
import org.medbackup.service.MedBackup;
import org.medbackup.service.SiteOperations.Recovered;
import picocli.CommandLine.Command;

/** Writes down that a site is recovered. */
@Command(
        name = "recovered",
        description = "Writes down in the audit trail how long the recovery has taken since `site restore` began.")
final class SiteRecoveredCommand extends ProductCommand {

    @Override
    Answer answer(MedBackup product) {
        Recovered recovered = product.site().recovered();
        return new Answer()
                .field("began", recovered.began().toString())
                .field("seconds", BackupAnswer.seconds(recovered.took()))
                .field("restores", recovered.restores())
                .line(String.format(
                        Locale.ROOT,
                        "recovered with bare hands in %.1f s, with %d restores; it stands in the audit trail",
                        BackupAnswer.seconds(recovered.took()),
                        recovered.restores()));
    }
}
