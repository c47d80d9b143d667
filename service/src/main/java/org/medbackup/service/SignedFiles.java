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
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.sign.Signer;
import org.medbackup.core.sign.SigningKey;
import org.medbackup.documents.sign.Signatures;
import org.medbackup.service.config.SecretReference;

/** Keys of persons, and the signatures that lie beside what they sign. */
final class SignedFiles {

    private SignedFiles() {}

    /** Makes a key in a new file. */
    static Signer newKey(Path file, Entropy entropy) {
        try (NewKeyFile made = NewKeyFile.reserve(file)) {
            SigningKey key = SigningKey.generate(entropy);
            made.write(key.pem().getBytes(StandardCharsets.US_ASCII));
            return key.signer();
        }
    }

    /**
     * Reads a key.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#CREDENTIAL_UNREADABLE}
     */
    static SigningKey key(Path file, Map<String, String> environment) {
        String fault = new SecretReference.OfFile(file).fault(environment);
        if (!fault.isEmpty()) {
            throw ErrorCode.CREDENTIAL_UNREADABLE.because(fault).with("file", file);
        }
        return SigningKey.parse(new String(SecretFiles.read(file), StandardCharsets.ISO_8859_1));
    }

    /** Where the signatures of a file lie. */
    static Path beside(Path file) {
        return file.resolveSibling(file.getFileName() + ".sig");
    }

    /** Writes signatures in the place of those that may be there. */
    static void write(Path target, Signatures signatures) {
        try {
            Path draft = target.resolveSibling(target.getFileName() + ".new");
            Files.writeString(draft, signatures.text());
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE
                    .because("the file of the signatures cannot be written", failed)
                    .about(target);
        }
    }

    /**
     * A file of signatures; empty where there is none.
     *
     * @param untrusted code for one that cannot be read
     */
    static Optional<String> read(Path file, ErrorCode untrusted) {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw untrusted
                    .because("the file of the signatures cannot be read", unreadable)
                    .about(file);
        }
    }
}
