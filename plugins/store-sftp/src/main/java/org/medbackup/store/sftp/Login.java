package org.medbackup.store.sftp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** What an account is entered with: private keys, a password, or both. Prints nothing of it. */
final class Login {

    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final List<KeyPair> keys;
    private final @Nullable String password;

    private Login(List<KeyPair> keys, @Nullable String password) {
        this.keys = keys;
        this.password = password;
    }

    /**
     * Reads what is set: the key of the location or of the environment, and the password of the environment. Where
     * neither is set, the usual key of the calling account.
     *
     * @throws BackupException with {@link ErrorCode#CREDENTIAL_UNREADABLE} or {@link ErrorCode#STORE_DENIED}; without
     *     the key, its place or the password
     */
    static Login of(SftpLocation location, Environment environment) {
        String password = environment.set(Environment.PASSWORD);
        String key = environment.set(Environment.KEY);
        Path named = location.key();
        if (named != null) {
            return new Login(keys(named, "the key that the location names"), password);
        }
        if (key != null) {
            return new Login(keys(Path.of(key), "the key of " + Environment.KEY), password);
        }
        if (password != null) {
            return new Login(List.of(), password);
        }
        Path usual = Path.of(String.valueOf(environment.set(Environment.HOME)), ".ssh", "id_ed25519");
        if (!Files.exists(usual)) {
            throw ErrorCode.STORE_DENIED
                    .because("no key and no password for the storage target were found; set " + Environment.KEY + " or "
                            + Environment.PASSWORD)
                    .with("cause", "credentials");
        }
        return new Login(keys(usual, "the usual key of this account"), null);
    }

    private static List<KeyPair> keys(Path file, String what) {
        try {
            if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
                throw unusable(what + " is open to others than its owner");
            }
            Ed25519.ready();
            try (InputStream in = Files.newInputStream(file)) {
                List<KeyPair> keys = new ArrayList<>();
                Iterable<KeyPair> read = SecurityUtils.loadKeyPairIdentities(
                        null, NamedResource.ofName("key"), in, FilePasswordProvider.EMPTY);
                if (read != null) {
                    read.forEach(keys::add);
                }
                if (keys.isEmpty()) {
                    throw unusable(what + " is none that is known");
                }
                return List.copyOf(keys);
            }
        } catch (IOException | GeneralSecurityException | UnsupportedOperationException unreadable) {
            // The exception may quote the place, or what was read there.
            throw unusable(what + " cannot be read, or has a passphrase");
        }
    }

    private static BackupException unusable(String why) {
        return ErrorCode.CREDENTIAL_UNREADABLE.because(why);
    }

    /** Gives a connection what it enters with. */
    void enter(ClientSession session) {
        keys.forEach(session::addPublicKeyIdentity);
        if (password != null) {
            session.addPasswordIdentity(password);
        }
    }

    @Override
    public String toString() {
        return "a login";
    }
}
