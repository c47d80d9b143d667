package org.medbackup.cli;

import java.nio.file.Path;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Stores a file of a log. */
@Command(
        name = "push",
        description =
                "Stores a file of the log; for archive_command. Ends with 0 only when it is durable in the repository.")
final class WalPushCommand extends GovernedCommand {

    @Parameters(index = "0", paramLabel = "APP", description = "The server that the file comes from.")
    String application = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "The file, %%p in archive_command.")
    Path file = Path.of("");

    @Override
    Answer answer(MedBackup product) {
        product.logs().push(root().access(), application, file);
        return new Answer().field("file", file.getFileName().toString()).line("stored " + file.getFileName());
    }
}
