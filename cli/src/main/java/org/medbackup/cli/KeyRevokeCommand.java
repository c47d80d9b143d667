package org.medbackup.cli;

import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Revokes a signer. */
@Command(
        name = "revoke",
        description = "Lets a key sign no more. Its restore points up to now stay; what it could open, it still can.")
final class KeyRevokeCommand extends ProductCommand {

    @Parameters(index = "0", paramLabel = "ID", description = "A signer of `key list`.")
    String id = "";

    @Override
    Answer answer(MedBackup product) {
        return KeysAnswer.of(product.keys().revoke(root().access(), id)).line(id + " signs no more");
    }
}
