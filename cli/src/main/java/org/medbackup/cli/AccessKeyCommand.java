package org.medbackup.cli;

import java.nio.file.Path;
import org.medbackup.core.sign.Signer;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes a person's key. */
@Command(
        name = "key",
        description = "Makes a key with which a person signs rules and approvals; prints its public half.")
final class AccessKeyCommand extends ProductCommand {

    @Parameters(paramLabel = "KEY", description = "A new file for it, mode 0600.")
    Path file = Path.of("");

    @Override
    Answer answer(MedBackup product) {
        Signer made = product.access().newKey(file);
        return new Answer()
                .field("key", made.id())
                .field("publicKey", made.text())
                .line("key " + made.id() + " in " + file + "; for its owner, under people in the rules:")
                .line("  NAME: {key: \"" + made.text() + "\", roles: [approver]}");
    }
}
