package org.medbackup.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.RepositoryOptions;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Creates a repository. */
@Command(name = "init", description = "Creates a repository; refuses to touch anything that is there.")
final class InitCommand extends ProductCommand {

    @Option(
            names = "--writer-key",
            paramLabel = "FILE",
            description = "Writes a key for unattended backups to a new file: it backs up and reads nothing.")
    @Nullable
    Path writerKey;

    @Option(
            names = "--kdf",
            paramLabel = "NAME",
            description = "How the password is stretched: argon2id (default) or pbkdf2 (where FIPS is asked for).")
    KeyDerivation derivation = KeyDerivation.ARGON2ID;

    @Option(
            names = "--signatures",
            paramLabel = "NAME",
            description = "How is signed: ed25519 (default), or hybrid (Ed25519 and ML-DSA-65, both must hold).")
    RepositoryOptions.Signatures signatures = RepositoryOptions.Signatures.ED25519;

    @Override
    Answer answer(MedBackup product) {
        MedBackup.Initialised made =
                product.init(root().access(), writerKey, new RepositoryOptions(derivation, signatures));
        Answer answer = new Answer()
                .field("repository", made.location())
                .field("id", made.id())
                .field("format", made.format())
                .line("created repository " + made.id() + " at " + made.location());
        return writerKey == null
                ? answer
                : answer.line("writer's key in " + writerKey + "; keep the password elsewhere");
    }
}
