package org.medbackup.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.sign.Signer;
import org.medbackup.service.MedBackup;
import org.medbackup.service.PolicyOperations;
import org.medbackup.service.PolicyReports;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Signs a policy. */
@Command(
        name = "sign",
        description =
                "Signs a policy with --key-file; the signature comes to those in FILE.sig. With --new-key makes a key.")
final class PolicySignCommand extends ProductCommand {

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The policy.")
    @Nullable
    Path file;

    @Option(
            names = "--new-key",
            paramLabel = "KEY",
            description =
                    "Make a key in this new file, print its public half, and sign FILE with it where one is named.")
    @Nullable
    Path newKey;

    @Override
    Answer answer(MedBackup product) {
        Path key = newKey;
        Path given = root().keyFile;
        Path policy = file;
        if (key != null && given != null) {
            throw ErrorCode.USAGE.because("--new-key and --key-file exclude each other");
        }
        if (key == null && (given == null || policy == null)) {
            throw ErrorCode.USAGE.because("policy sign needs FILE and --key-file KEY, or --new-key KEY");
        }
        var answer = new Answer();
        if (key != null) {
            Signer made = product.policy().newKey(key);
            answer.field("key", made.id())
                    .field("publicKey", made.text())
                    .line("key " + made.id() + " in " + key + "; under policy.signers in the configuration:")
                    .line("  - {name: NAME, key: \"" + made.text() + "\"}");
        }
        Path with = key != null ? key : given;
        return policy == null || with == null ? answer : signed(product, policy, with, answer);
    }

    private static Answer signed(MedBackup product, Path policy, Path key, Answer answer) {
        PolicyReports.Signed signed = product.policy().sign(policy, key);
        Path signatures = PolicyOperations.signatureFile(policy);
        return answer.field("file", signatures.toString())
                .field("digest", signed.digest())
                .field("version", signed.version())
                .field("key", signed.key())
                .field("keys", signed.keys())
                .line(signatures + ": version " + signed.version() + " is signed by "
                        + String.join(", ", signed.keys()));
    }
}
