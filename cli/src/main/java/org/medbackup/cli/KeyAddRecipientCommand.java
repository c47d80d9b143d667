package org.medbackup.cli;

import java.nio.file.Path;
import java.util.Locale;
import org.medbackup.engine.KeyRole;
import org.medbackup.service.KeyOperations;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a key for another holder. */
@Command(name = "add-recipient", description = "Writes a new key file for a role, and certifies what it signs.")
final class KeyAddRecipientCommand extends ProductCommand {

    @Parameters(index = "0", paramLabel = "FILE", description = "New file for the key, mode 0600.")
    Path file = Path.of("");

    @Option(
            names = "--role",
            required = true,
            paramLabel = "ROLE",
            description = "writer (backs up), maintainer (verifies, collects, copies) or reader (restores).")
    KeyRole role = KeyRole.READER;

    @Option(names = "--name", paramLabel = "NAME", description = "Who holds it, for the list (default: the role).")
    String name = "";

    @Override
    Answer answer(MedBackup product) {
        String word = role.name().toLowerCase(Locale.ROOT);
        KeyOperations.Keys done =
                product.keys().addRecipient(root().access(), role, name.isBlank() ? word : name, file);
        return KeysAnswer.of(done).line(word + "'s key in " + file + ", which " + role.ability());
    }
}
