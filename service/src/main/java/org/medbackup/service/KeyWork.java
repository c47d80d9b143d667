package org.medbackup.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.engine.Credential;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RepositoryKeys;
import org.medbackup.service.KeyOperations.Keys;

/** Keys and their files: each file is made before its key, new, and for its owner's eyes only. */
final class KeyWork {

    private KeyWork() {}

    static Keys list(Repository repository, OperationLog log) {
        return new Keys(repository.keys().list(log), List.of());
    }

    static Keys add(Repository repository, KeyRole role, String name, Path file, OperationLog log) {
        if (role == KeyRole.OWNER) {
            throw ErrorCode.USAGE.because("the owner's key is exported and not added");
        }
        return writing(repository, file, () -> repository.keys().addRecipient(role, name), log);
    }

    static Keys export(Repository repository, Path file, OperationLog log) {
        return writing(repository, file, () -> repository.keys().exportRecovery(), log);
    }

    private interface Making {
        Secret make();
    }

    private static Keys writing(Repository repository, Path file, Making making, OperationLog log) {
        write(file, making);
        return new Keys(repository.keys().list(log), List.of(file));
    }

    private static void write(Path file, Making making) {
        try (NewKeyFile reserved = NewKeyFile.reserve(file);
                Secret text = making.make()) {
            text.use(reserved::write);
        }
    }

    static Keys export(Repository repository, int threshold, int count, Path folder, OperationLog log) {
        List<Secret> shares = repository.keys().exportRecovery(threshold, count);
        makeFolder(folder);
        var files = new ArrayList<Path>();
        try {
            for (Secret share : shares) {
                Path file = folder.resolve("share-" + (files.size() + 1) + "-of-" + count + ".txt");
                write(file, () -> share);
                files.add(file);
            }
        } catch (BackupException failed) {
            // Shares that others would not complete are worth nothing and give part of the secret away.
            files.forEach(KeyWork::delete);
            throw failed;
        }
        return new Keys(repository.keys().list(log), files);
    }

    private static void makeFolder(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE
                    .because("the folder for the shares cannot be made", failed)
                    .with("folder", folder);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE
                    .because("a share cannot be taken back", failed)
                    .with("file", file);
        }
    }

    static Keys combine(List<Path> shares, Path file) {
        var texts = new ArrayList<Secret>();
        for (Path share : shares) {
            texts.add(Secret.copyOf(SecretFiles.read(share)));
        }
        write(file, () -> RepositoryKeys.combineRecovery(texts));
        texts.forEach(Secret::close);
        return new Keys(List.of(), List.of(file));
    }

    /** The password to wrap the owner's keys under: the new one, or the one that opens the repository. */
    static Credential.Password password(CredentialSource current, CredentialSource next) {
        CredentialSource chosen = next instanceof CredentialSource.None ? current : next;
        if (chosen.credential() instanceof Credential.Password password) {
            return password;
        }
        throw ErrorCode.NO_CREDENTIAL_GIVEN.because("a key file opens the repository, so a new password must be given");
    }
}
