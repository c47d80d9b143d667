package org.medbackup.cli;

import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;

/** What runs, what it uses, and what limits it. */
@Command(name = "status", description = "Shows what runs, what it uses of each resource, and the rule that limits it.")
final class GovernorStatusCommand extends ProductCommand {

    @Override
    Answer answer(MedBackup product) {
        return GovernorAnswer.of(product.running().status());
    }
}
