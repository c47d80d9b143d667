package org.medbackup.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves a repository to writers of other accounts. */
@Command(
        name = "gateway",
        description = "Lets other accounts of this machine add to a repository through a socket, and neither delete nor"
                + " read what they have no need of. Runs until it is ended; needs no password.")
final class GatewayCommand extends ProductCommand {

    @Option(
            names = "--socket",
            required = true,
            paramLabel = "FILE",
            description = "The socket to make; writers name it --repo gateway:///FILE.")
    Path socket = Path.of("");

    @Option(
            names = "--allow",
            required = true,
            paramLabel = "ACCOUNT",
            description = "An account that may connect; may be given again.")
    List<String> accounts = new ArrayList<>();

    @Override
    Answer answer(MedBackup product) {
        product.serveGateway(
                root().access().location(),
                socket.toAbsolutePath(),
                Set.copyOf(accounts),
                serving -> root().terminal().tell("serving on " + socket + " to " + String.join(", ", accounts)));
        return new Answer().field("socket", socket.toString());
    }
}
