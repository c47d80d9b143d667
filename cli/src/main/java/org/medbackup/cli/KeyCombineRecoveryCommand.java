package org.medbackup.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Joins shares. */
@Command(
        name = "combine-recovery",
        description = "Joins shares to the owner's key file, for --key-file; then `key rotate` sets a new password.")
final class KeyCombineRecoveryCommand extends ProductCommand {

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Shares, in any order.")
    List<Path> shares = new ArrayList<>();

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "New file for the key, mode 0600.")
    Path output = Path.of("");

    @Override
    Answer answer(MedBackup product) {
        return KeysAnswer.of(product.keys().combineRecovery(shares, output))
                .line("the owner's key in " + output + "; delete it when a new password is set");
    }
}
