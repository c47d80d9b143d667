package org.medbackup.engine.internal.keys;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.crypto.SigningKey;
import org.medbackup.engine.internal.crypto.VerifyingKey;

/**
 * The administrator of a repository, who says whose signatures count.
 *
 * @param verifying proves the certificates of the others
 * @param secret signs them, where this holder may; null otherwise
 */
public record AdminKey(VerifyingKey verifying, @Nullable SigningKey secret) {

    static AdminKey of(SigningKey secret) {
        return new AdminKey(secret.verifying(), secret);
    }

    /** What a holder has of it who is not the administrator. */
    AdminKey withoutSecret() {
        return new AdminKey(verifying, null);
    }

    /** Signs certificates, where this holder may. */
    public Optional<SigningKey> signing() {
        return Optional.ofNullable(secret);
    }

    /**
     * Signs certificates.
     *
     * @throws org.medbackup.core.error.UsageException where this holder may not
     */
    public SigningKey requireSigning() {
        return signing().orElseThrow(() -> ErrorCode.KEY_ROLE_INSUFFICIENT.because("it cannot certify keys"));
    }
}
