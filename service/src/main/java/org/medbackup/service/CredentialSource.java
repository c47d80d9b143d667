package org.medbackup.service;

import java.nio.file.Path;
import java.util.Map;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.Credential;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.SecretReference;

/** Where the credential of a repository comes from. */
public sealed interface CredentialSource {

    /** A password that is known already; stays the caller's to wipe. */
    record Password(Secret secret) implements CredentialSource {}

    /** A file with a password in its first line. */
    record PasswordFile(Path file) implements CredentialSource {}

    /** A role's key file, which only its owner may read. */
    record KeyFile(Path file) implements CredentialSource {}

    /** None was given. */
    record None() implements CredentialSource {}

    /**
     * What opens the repository, by a configuration.
     *
     * @param environment of this process
     * @throws org.medbackup.core.error.UsageException where the secret that it refers to cannot be had
     */
    static CredentialSource of(Configuration configuration, Map<String, String> environment) {
        Path keyFile = configuration.keyFile();
        if (keyFile != null) {
            return new KeyFile(keyFile);
        }
        SecretReference password = configuration.password();
        return password == null ? new None() : new Password(password.secret(environment));
    }

    /**
     * Gets the credential.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#NO_CREDENTIAL_GIVEN} or
     *     {@link ErrorCode#CREDENTIAL_UNREADABLE}
     */
    default Credential credential() {
        return switch (this) {
            case Password password -> new Credential.Password(password.secret());
            case PasswordFile password -> new Credential.Password(SecretReference.firstLine(password.file()));
            case KeyFile key -> {
                requirePrivate(key.file());
                yield new Credential.KeyFile(Secret.copyOf(SecretFiles.read(key.file())));
            }
            case None _ -> throw ErrorCode.NO_CREDENTIAL_GIVEN.because("the repository is encrypted");
        };
    }

    private static void requirePrivate(Path file) {
        String fault = new SecretReference.OfFile(file).fault(Map.of());
        if (!fault.isEmpty()) {
            throw ErrorCode.CREDENTIAL_UNREADABLE.because(fault).with("file", file);
        }
    }
}
