package org.medbackup.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.sign.Signer;
import org.medbackup.core.sign.SigningKey;
import org.medbackup.documents.sign.Signatures;
import org.medbackup.policy.Policy;
import org.medbackup.service.PolicyReports.Signed;

/** Files of policies, their signatures and the keys that make these. */
final class PolicyFiles {

    /** Nothing else that anybody signs begins so. */
    private static final String DOMAIN = "mb/policy/v1";

    private PolicyFiles() {}

    /** Signatures of a policy, as they were written. */
    static Signatures parsed(String text) {
        try {
            return Signatures.parse(DOMAIN, text);
        } catch (IllegalArgumentException malformed) {
            throw ErrorCode.POLICY_UNTRUSTED.because("the file of its signatures is malformed", malformed);
        }
    }

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
    static Signer newKey(Path file, Entropy entropy) {
        return SignedFiles.newKey(file, entropy);
    }

    /** Signs a policy: the signature comes to those that lie beside it. */
    static Signed sign(Path file, Path keyFile, Map<String, String> environment) {
        Policy policy = policy(file);
        SigningKey key = SignedFiles.key(keyFile, environment);
        Signatures signatures = signatures(file)
                .map(PolicyFiles::parsed)
                // Those of what it was before it was changed are of no use any more.
                .filter(each -> each.areOf(policy.digest(), policy.version()))
                .orElseGet(() -> Signatures.none(DOMAIN, policy.digest(), policy.version()))
                .and(key);
        SignedFiles.write(PolicyOperations.signatureFile(file), signatures);
        return new Signed(
                policy.digest(),
                policy.version(),
                key.signer().id(),
                signatures.signatures().stream().map(Signatures.Made::key).toList());
    }

    /** The signatures of a policy; empty where there are none. */
    static Optional<String> signatures(Path file) {
        return SignedFiles.read(PolicyOperations.signatureFile(file), ErrorCode.POLICY_UNTRUSTED);
    }
}
