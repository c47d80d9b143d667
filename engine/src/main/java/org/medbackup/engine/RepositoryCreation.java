package org.medbackup.engine;

import java.time.Instant;
import java.util.HexFormat;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.crypto.SignatureAlgorithm;
import org.medbackup.engine.internal.keys.KeyFile;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.keys.Stretching;
import org.medbackup.engine.internal.open.RepositoryFiles;

/** Makes repositories: draws the keys, and puts what a repository begins with. */
final class RepositoryCreation {

    private RepositoryCreation() {}

    /** Makes a repository in an empty store. */
    static Repository.Created create(
            ObjectStore store,
            EngineContext context,
            Secret password,
            Stretching stretching,
            RepositoryOptions.Signatures signatures) {
        if (password.length() == 0) {
            throw ErrorCode.NO_CREDENTIAL_GIVEN.because("the password is empty");
        }
        byte[] repository = context.entropy().bytes(16);
        KeyRing owner = KeyRing.create(repository, algorithm(signatures), context.entropy());
        KeyRing writer = owner.forWriter(context.entropy());
        Instant now = context.time().now();
        new RepositoryFiles(store, context.entropy()).create(owner, writer, password, stretching, now);
        String id = HexFormat.of().formatHex(owner.repository());
        return new Repository.Created(id, 1, KeyFile.write(writer));
    }

    private static SignatureAlgorithm algorithm(RepositoryOptions.Signatures signatures) {
        return switch (signatures) {
            case ED25519 -> SignatureAlgorithm.ED25519;
            case HYBRID -> SignatureAlgorithm.ED25519_ML_DSA_65;
        };
    }
}
