package org.medbackup.cli;

import org.medbackup.engine.KeyDerivation;
import org.medbackup.service.KeyOperations;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a key domain. */
@Command(
        name = "add-domain",
        description =
                "Makes a key domain for data, as policies name them. Holders of key files know it when they get new"
                        + " ones.")
final class KeyAddDomainCommand extends ProductCommand {

    @Parameters(paramLabel = "NAME", description = "1 to 63 of a-z, 0-9, - and _.")
    String name = "";

    @Option(
            names = "--kdf",
            paramLabel = "NAME",
            description = "argon2id (default) or pbkdf2 (where FIPS is asked for).")
    KeyDerivation derivation = KeyDerivation.ARGON2ID;

    @Override
    Answer answer(MedBackup product) {
        KeyOperations.Keys done = product.keys().addDomain(root().access(), name, derivation);
        return KeysAnswer.of(done)
                .line("the key domain " + name + " is there: give out new key files, export the recovery key");
    }
}
