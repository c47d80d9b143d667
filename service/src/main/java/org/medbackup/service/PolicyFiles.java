package org.medbackup.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.policy.Policy;
import org.medbackup.policy.PolicyKey;
import org.medbackup.policy.PolicySignatures;
import org.medbackup.policy.PolicySigner;
import org.medbackup.service.PolicyReports.Signed;
import org.medbackup.service.config.SecretReference;

/** Files of policies, their signatures and the keys that make these. */
final class PolicyFiles {

    private PolicyFiles() {}

    /** What a policy's file holds. */
    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException absent) {
            throw ErrorCode.POLICY_INVALID
                    .because("the file does not exist", absent)
                    .about(file);
        } catch (IOException unreadable) {
            throw ErrorCode.POLICY_INVALID
                    .because("the file cannot be read", unreadable)
                    .about(file);
        }
    }

    /** The policy that a file holds. */
    static Policy policy(Path file) {
        try {
            return Policy.parse(text(file));
        } catch (BackupException wrong) {
            throw wrong.about(file);
        }
    }

    /** Makes a key in a new file. */
    static PolicySigner newKey(Path file, Entropy entropy) {
        try (NewKeyFile made = NewKeyFile.reserve(file)) {
            PolicyKey key = PolicyKey.generate(entropy);
            made.write(key.pem().getBytes(StandardCharsets.US_ASCII));
            return key.signer();
        }
    }

    /** Signs a policy: the signature comes to those that lie beside it. */
    static Signed sign(Path file, Path keyFile, Map<String, String> environment) {
        Policy policy = policy(file);
        String fault = new SecretReference.OfFile(keyFile).fault(environment);
        if (!fault.isEmpty()) {
            throw ErrorCode.CREDENTIAL_UNREADABLE.because(fault).with("file", keyFile);
        }
        PolicyKey key = PolicyKey.parse(new String(SecretFiles.read(keyFile), StandardCharsets.ISO_8859_1));
        PolicySignatures signatures = signatures(file)
                .map(PolicySignatures::parse)
                // Those of what it was before it was changed are of no use any more.
                .filter(each -> each.areOf(policy))
                .orElseGet(() -> PolicySignatures.none(policy))
                .and(key);
        Path target = PolicyOperations.signatureFile(file);
        try {
            Path draft = target.resolveSibling(target.getFileName() + ".new");
            Files.writeString(draft, signatures.text());
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE
                    .because("the file of the signatures cannot be written", failed)
                    .about(target);
        }
        return new Signed(
                policy.digest(),
                policy.version(),
                key.signer().id(),
                signatures.signatures().stream().map(PolicySignatures.Made::key).toList());
    }

    /** The signatures of a policy; empty where there are none. */
    static Optional<String> signatures(Path file) {
        try {
            return Optional.of(Files.readString(PolicyOperations.signatureFile(file)));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw ErrorCode.POLICY_UNTRUSTED
                    .because("the file of its signatures cannot be read", unreadable)
                    .about(file);
        }
    }
}
