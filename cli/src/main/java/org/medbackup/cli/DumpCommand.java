package org.medbackup.cli;

import java.nio.channels.Channels;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** One file's content on standard output. */
@Command(name = "dump", description = "Writes one file's content to standard output.")
final class DumpCommand extends ProductCommand {

    @Parameters(index = "0", paramLabel = "SNAPSHOT", description = "Id, its beginning, latest or latest@SOURCE.")
    String snapshot = "";

    @Parameters(index = "1", paramLabel = "PATH", description = "The file.")
    String path = "";

    @Override
    Answer answer(MedBackup product) {
        if (root().terminal().isJson()) {
            throw ErrorCode.USAGE.because("dump writes the file itself, so that it takes no --json");
        }
        product.dump(
                root().access(),
                snapshot,
                Paths.inside(path),
                Channels.newChannel(root().terminal().out()));
        return new Answer();
    }
}
