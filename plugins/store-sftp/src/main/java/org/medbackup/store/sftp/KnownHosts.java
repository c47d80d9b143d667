package org.medbackup.store.sftp;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.medbackup.core.error.ErrorCode;

/**
 * The host keys that somebody has written down, in the form of OpenSSH. Read at every connection; never written: a key that
 * is not there is not trusted, not even the first time.
 *
 * @param entries what the file says of the host
 */
record KnownHosts(List<KnownHostEntry> entries) {

    private static final String REVOKED = "revoked";

    /** What is to be thought of a key. */
    enum Verdict {
        KNOWN,
        /** Nothing is known of the host. */
        UNKNOWN,
        /** The host is known by other keys. */
        CHANGED,
        /** Somebody has written down that this key must not be trusted. */
        REVOKED
    }

    /**
     * Reads what is known of a host.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#HOST_KEY_UNKNOWN} where the file cannot be
     *     read
     */
    static KnownHosts of(SftpLocation location, Environment environment) {
        // As OpenSSH writes them.
        String host = location.host().toLowerCase(Locale.ROOT);
        try {
            return new KnownHosts(KnownHostEntry.readKnownHostEntries(file(location, environment)).stream()
                    .filter(each -> each.isHostMatch(host, location.port()))
                    .toList());
        } catch (NoSuchFileException absent) {
            return new KnownHosts(List.of());
        } catch (IOException unreadable) {
            throw ErrorCode.HOST_KEY_UNKNOWN.because("the file of known hosts cannot be read");
        }
    }

    private static Path file(SftpLocation location, Environment environment) {
        if (location.knownHosts() != null) {
            return location.knownHosts();
        }
        String set = environment.set(Environment.KNOWN_HOSTS);
        return set != null
                ? Path.of(set)
                : Path.of(String.valueOf(environment.set(Environment.HOME)), ".ssh", "known_hosts");
    }

    private static boolean isKey(KnownHostEntry entry, byte[] key) {
        return Arrays.equals(entry.getKeyEntry().getKeyData(), key);
    }

    /** Judges a key that a host has shown. */
    Verdict judge(PublicKey shown) {
        var buffer = new ByteArrayBuffer();
        buffer.putRawPublicKey(shown);
        byte[] key = buffer.getCompactData();
        if (entries.stream().anyMatch(each -> REVOKED.equals(each.getMarker()) && isKey(each, key))) {
            return Verdict.REVOKED;
        }
        // Authorities sign certificates of hosts, which are not asked for.
        List<KnownHostEntry> plain =
                entries.stream().filter(each -> each.getMarker() == null).toList();
        if (plain.stream().anyMatch(each -> isKey(each, key))) {
            return Verdict.KNOWN;
        }
        return plain.isEmpty() ? Verdict.UNKNOWN : Verdict.CHANGED;
    }

    /** The kinds of keys that are known of the host, as they are to be asked for first. */
    Set<String> kinds() {
        return entries.stream()
                .filter(each -> each.getMarker() == null)
                .map(each -> each.getKeyEntry().getKeyType())
                .collect(Collectors.toUnmodifiableSet());
    }
}
