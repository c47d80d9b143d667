package org.medbackup.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.service.AccessOperations.Signed;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Signs rules. */
@Command(name = "sign", description = "Signs rules with the key of --key-file; the signatures lie in FILE.sig.")
final class AccessSignCommand extends ProductCommand {

    @Parameters(paramLabel = "FILE", description = "The rules.")
    Path file = Path.of("");

    @Override
    Answer answer(MedBackup product) {
        Signed signed = product.access().sign(file, signingKey(root().keyFile));
        return new Answer()
                .field("digest", signed.digest())
                .field("version", signed.version())
                .field("keys", signed.keys())
                .line(file + ": version " + signed.version() + " is signed by " + String.join(", ", signed.keys()));
    }

    /** The key that was named. */
    static Path signingKey(@Nullable Path named) {
        if (named == null) {
            throw ErrorCode.USAGE.because("name the key to sign with: --key-file KEY");
        }
        return named;
    }
}
