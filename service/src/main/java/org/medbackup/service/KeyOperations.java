package org.medbackup.service;

import java.nio.file.Path;
import java.util.List;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.engine.Credential;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.KeyInfo;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.Repository;
import org.medbackup.service.Operations.Ending;

/**
 * The operations on a repository's keys. Each begins and ends in the audit trail. Safe for use by several threads.
 *
 * <p>Every method fails with {@link org.medbackup.core.error.BackupException}.
 */
public final class KeyOperations {

    private final Operations operations;
    private final Repositories repositories;

    KeyOperations(Operations operations, Repositories repositories) {
        this.operations = operations;
        this.repositories = repositories;
    }

    /**
     * What became of keys.
     *
     * @param keys all keys of the repository afterwards
     * @param files that were written, each for its owner's eyes only
     */
    public record Keys(List<KeyInfo> keys, List<Path> files) {

        public Keys {
            keys = List.copyOf(keys);
            files = List.copyOf(files);
        }

        private static Ending ending(Keys done) {
            return Ending.success(Facts.of("keys", done.keys().size())
                    .and("files", done.files().size()));
        }
    }

    /** All keys of a repository, without the keys. */
    public Keys list(RepositoryAccess access) {
        return repositories.on(access, "key-list", Facts.NONE, KeyWork::list, Keys::ending);
    }

    /**
     * Makes a key for another holder.
     *
     * @param role what the holder may do; not the owner's
     * @param name of the holder, for people
     * @param file to write the key to; it must not exist
     */
    public Keys addRecipient(RepositoryAccess access, KeyRole role, String name, Path file) {
        return repositories.on(
                access,
                "key-add-recipient",
                Facts.of("role", role),
                (repository, log) -> KeyWork.add(repository, role, name, file, log),
                Keys::ending);
    }

    /**
     * Revokes what a key signs from now on.
     *
     * @param id of a signer in the list of keys
     */
    public Keys revoke(RepositoryAccess access, String id) {
        return repositories.on(
                access,
                "key-revoke",
                Facts.of("key", id),
                (repository, log) -> {
                    repository.keys().revoke(id, log);
                    return KeyWork.list(repository, log);
                },
                Keys::ending);
    }

    /**
     * Wraps the owner's keys anew, under a password that takes the place of the one before.
     *
     * @param password the new one; {@link CredentialSource.None} to keep the one that opens the repository
     * @param pairs whether new pairs are made for what is sealed from now on, see {@code RepositoryKeys.rotate}
     */
    public Keys rotate(RepositoryAccess access, CredentialSource password, KeyDerivation derivation, boolean pairs) {
        Credential.Password next = KeyWork.password(access.credential(), password);
        return repositories.on(
                access,
                "key-rotate",
                Facts.of("derivation", derivation).and("pairs", pairs),
                (repository, log) -> {
                    repository.keys().rotate(next.secret(), derivation, pairs);
                    return again(access, next, log);
                },
                Keys::ending);
    }

    /**
     * Makes a key domain for data. Needs the repository's password.
     *
     * @param name as {@code RepositoryKeys.addDomain} takes it
     */
    public Keys addDomain(RepositoryAccess access, String name, KeyDerivation derivation) {
        if (!(access.credential().credential() instanceof Credential.Password password)) {
            throw ErrorCode.NO_CREDENTIAL_GIVEN.because("a key domain is made with the password, not with a key file");
        }
        return repositories.on(
                access,
                "key-add-domain",
                Facts.of("domain", name),
                (repository, log) -> {
                    repository.keys().addDomain(name, password.secret(), derivation);
                    return again(access, password, log);
                },
                Keys::ending);
    }

    /** The keys as they are now that they are wrapped anew. */
    private Keys again(RepositoryAccess access, Credential.Password password, OperationLog log) {
        try (ObjectStore store = repositories.open(access.location(), Throttle.none());
                Repository opened = Repository.open(store, repositories.context(Throttle.none()), password, log)) {
            return KeyWork.list(opened, log);
        }
    }

    /**
     * Writes the owner's key to a file, for the day on which the password is lost.
     *
     * @param file it must not exist
     */
    public Keys exportRecovery(RepositoryAccess access, Path file) {
        return repositories.on(
                access,
                "key-export-recovery",
                Facts.NONE,
                (repository, log) -> KeyWork.export(repository, file, log),
                Keys::ending);
    }

    /**
     * Writes the owner's key in shares, one file each, for the day on which the password is lost.
     *
     * @param threshold how many of them open
     * @param count how many are made
     * @param folder for the files; none of theirs may exist
     */
    public Keys exportRecovery(RepositoryAccess access, int threshold, int count, Path folder) {
        return repositories.on(
                access,
                "key-export-recovery",
                Facts.of("threshold", threshold).and("count", count),
                (repository, log) -> KeyWork.export(repository, threshold, count, folder, log),
                Keys::ending);
    }

    /**
     * Joins shares to the owner's key file; needs no repository.
     *
     * @param file to write the key to; it must not exist
     */
    public Keys combineRecovery(List<Path> shares, Path file) {
        return operations.run(
                "key-combine-recovery",
                Facts.of("shares", shares.size()),
                log -> KeyWork.combine(shares, file),
                Keys::ending);
    }
}
