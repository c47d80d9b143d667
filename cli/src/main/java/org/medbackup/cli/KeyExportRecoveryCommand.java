package org.medbackup.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the owner's key for the day on which the password is lost. */
@Command(
        name = "export-recovery",
        description = "Writes the owner's key, whole or in shares of which some open. Whoever has it has everything.")
final class KeyExportRecoveryCommand extends ProductCommand {

    @Option(
            names = "--output",
            required = true,
            paramLabel = "PATH",
            description = "New file for the key; with shares, the folder for theirs.")
    Path output = Path.of("");

    @Option(names = "--shares", paramLabel = "M", description = "How many shares open.")
    @Nullable
    Integer shares;

    @Option(names = "--of", paramLabel = "N", description = "How many shares are made.")
    @Nullable
    Integer count;

    @Override
    Answer answer(MedBackup product) {
        Integer threshold = shares;
        Integer all = count;
        if (threshold == null && all == null) {
            return KeysAnswer.of(product.keys().exportRecovery(root().access(), output))
                    .line("the owner's key in " + output + "; lock it away, whoever has it has everything");
        }
        if (threshold == null || all == null) {
            throw ErrorCode.USAGE.because("--shares M and --of N go together");
        }
        return KeysAnswer.of(product.keys().exportRecovery(root().access(), threshold, all, output))
                .line(all + " shares in " + output + ", any " + threshold + " open; print them and keep them apart");
    }
}
