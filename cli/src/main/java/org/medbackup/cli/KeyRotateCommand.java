package org.medbackup.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.service.CredentialSource;
import org.medbackup.service.KeyOperations;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Wraps the owner's keys anew. */
@Command(name = "rotate", description = "Wraps the owner's keys under a new password; nothing else is written again.")
final class KeyRotateCommand extends ProductCommand {

    @Option(
            names = "--new-password-file",
            paramLabel = "FILE",
            description = "The new password in its first line (default: the password stays).")
    @Nullable
    Path newPassword;

    @Option(
            names = "--pairs",
            description = "New key pairs for what is sealed from now on. Key files from before keep to the old ones;"
                    + " give their holders new ones, and export the recovery key again.")
    boolean pairs;

    @Option(
            names = "--kdf",
            paramLabel = "NAME",
            description = "argon2id (default) or pbkdf2 (where FIPS is asked for).")
    KeyDerivation derivation = KeyDerivation.ARGON2ID;

    @Override
    Answer answer(MedBackup product) {
        CredentialSource next =
                newPassword == null ? new CredentialSource.None() : new CredentialSource.PasswordFile(newPassword);
        KeyOperations.Keys done = product.keys().rotate(root().access(), next, derivation, pairs);
        return KeysAnswer.of(done)
                .line("the keys are wrapped " + (newPassword == null ? "again" : "under the new password")
                        + (pairs ? "; new key pairs are in use: give out new key files, export the recovery key" : ""));
    }
}
