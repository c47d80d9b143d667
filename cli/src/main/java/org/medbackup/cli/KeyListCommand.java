package org.medbackup.cli;

import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;

/** Lists keys. */
@Command(name = "list", description = "Lists passwords, signers and key pairs; shows no key.")
final class KeyListCommand extends ProductCommand {

    @Override
    Answer answer(MedBackup product) {
        return KeysAnswer.listing(product.keys().list(root().access()));
    }
}
