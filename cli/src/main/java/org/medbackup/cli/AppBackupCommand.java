package org.medbackup.cli;

import java.util.Locale;
import org.medbackup.service.ApplicationBackup;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A consistent backup of an application. */
@Command(name = "backup", description = "Backs up an application in a consistent state, while it is in use.")
final class AppBackupCommand extends ProductCommand {

    @Parameters(index = "0", paramLabel = "APP", description = "Such as postgresql://postgres@127.0.0.1:5432/.")
    String application = "";

    @Override
    Answer answer(MedBackup product) {
        ApplicationBackup done = product.applications().backup(root().access(), application);
        return BackupAnswer.of(done.backup())
                .field("state", done.state())
                .field("consistency", done.consistency())
                .field("freezeSeconds", BackupAnswer.seconds(done.frozen()))
                .field("addedSeconds", BackupAnswer.seconds(done.added()))
                .field("position", done.position())
                .line(String.format(
                        Locale.ROOT,
                        "%s at %s; frozen %.3f s, added %.3f s",
                        done.consistency(),
                        done.position(),
                        BackupAnswer.seconds(done.frozen()),
                        BackupAnswer.seconds(done.added())));
    }
}
