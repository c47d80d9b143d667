package org.medbackup.cli;

import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;

/** The daemon. */
@Command(
        name = "serve",
        description = "Runs the jobs of the configuration by itself, until it is ended: schedule, control API, metrics,"
                + " messages to people. Logs are lines of JSON on stderr.")
final class ServeCommand extends GovernedCommand {

    @Override
    boolean hasControl() {
        return true;
    }

    @Override
    boolean isBackground() {
        return true;
    }

    @Override
    Answer answer(MedBackup product) {
        Terminal terminal = root().terminal();
        terminal.leaveEventsToTheLog();
        product.serve(
                root().access(),
                terminal.err(),
                daemon -> terminal.note("ready"
                        + daemon.control()
                                .map(each -> ", control API on " + each.getHostString() + ":" + each.getPort())
                                .orElse("")));
        return new Answer();
    }
}
