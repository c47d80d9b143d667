package org.medbackup.cli;

import java.nio.file.Path;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Brings a file of a log back. */
@Command(
        name = "fetch",
        description =
                "Brings a file of the log back; for restore_command. Ends with 1 where it is not in the archive, and"
                        + " with 126, at which PostgreSQL stops, where that cannot be told.")
final class WalFetchCommand extends ProductCommand {

    @Parameters(index = "0", paramLabel = "APP", description = "The server whose log it is.")
    String application = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "The file's name, %%f in restore_command.")
    String name = "";

    @Parameters(index = "2", paramLabel = "DEST", description = "Where to, %%p in restore_command; must not exist.")
    Path destination = Path.of("");

    @Override
    Answer answer(MedBackup product) {
        product.logs().fetch(root().access(), application, name, destination.toAbsolutePath());
        return new Answer().field("file", name).line("fetched " + name);
    }

    /** Only an archive that was asked and has it not may let a recovery end here. */
    @Override
    int exitCode(BackupException failure) {
        boolean interrupted = failure.code().kind() == ErrorCode.Kind.CANCELLED;
        return failure.code() == ErrorCode.LOG_FILE_ABSENT || interrupted
                ? super.exitCode(failure)
                : ExitCode.NOT_THE_END;
    }
}
