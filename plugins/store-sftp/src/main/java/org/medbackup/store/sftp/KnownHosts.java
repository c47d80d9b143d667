package org.medbackup.store.sftp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;

/**
 * The host keys that somebody has written down, in the form of OpenSSH (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). Read at every
 * connection; never written: a key that is not there is not trusted, not even the first time. The library's own reader
 * does not take {@code *} for hosts at other ports than 22, so that a revoked key could pass.
 *
 * @param entries what the file says of the host
 */
record KnownHosts(List<Entry> entries) {

    private static final String REVOKED = "@revoked";
    private static final String NONE = "";
    private static final int USUAL_PORT = 22;

    /**
     * A line.
     *
     * @param marker empty where it has none
     * @param kind of the key
     * @param key as it goes over the wire
     */
    record Entry(String marker, String kind, byte[] key) {}

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
        String host = location.host().toLowerCase(Locale.ROOT);
        String name = location.port() == USUAL_PORT ? host : "[" + host + "]:" + location.port();
        try {
            return of(Files.readString(file(location, environment), StandardCharsets.ISO_8859_1), name);
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

    /** What the lines of a file say of a name; lines that are none are passed over. */
    static KnownHosts of(String file, String name) {
        List<Entry> entries = new ArrayList<>();
        file.lines()
                .map(line -> entry(line.strip(), name))
                .filter(each -> each != null)
                .forEach(entries::add);
        return new KnownHosts(List.copyOf(entries));
    }

    private static @Nullable Entry entry(String line, String name) {
        String[] words = line.split("[ \t]+");
        int at = line.startsWith("@") ? 1 : 0;
        if (line.startsWith("#") || words.length < at + 3 || !isOf(words[at], name)) {
            return null;
        }
        try {
            byte[] key = Base64.getDecoder().decode(words[at + 2]);
            return new Entry(at == 0 ? NONE : words[0], words[at + 1], key);
        } catch (IllegalArgumentException noKey) {
            return null;
        }
    }

    private static boolean isOf(String hosts, String name) {
        if (hosts.startsWith("|")) {
            return isHashOf(hosts, name);
        }
        boolean found = false;
        for (String each : hosts.toLowerCase(Locale.ROOT).split(",")) {
            boolean not = each.startsWith("!");
            if (matches(not ? each.substring(1) : each, name)) {
                if (not) {
                    return false;
                }
                found = true;
            }
        }
        return found;
    }

    private static boolean matches(String pattern, String name) {
        var expression = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            expression.append(
                    switch (c) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        return name.matches(expression.toString());
    }

    /** Written {@code |1|salt|HMAC-SHA1 of the name}, so that a stolen file does not tell what other machines there are. */
    private static boolean isHashOf(String hosts, String name) {
        String[] parts = hosts.split("\\|");
        if (parts.length != 4 || !parts[1].equals("1")) {
            return false;
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[2]), "HmacSHA1"));
            byte[] hash = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
            return MessageDigest.isEqual(hash, Base64.getDecoder().decode(parts[3]));
        } catch (IllegalArgumentException | GeneralSecurityException noHash) {
            return false;
        }
    }

    /** Judges a key that a host has shown. */
    Verdict judge(PublicKey shown) {
        var buffer = new ByteArrayBuffer();
        buffer.putRawPublicKey(shown);
        byte[] key = buffer.getCompactData();
        if (entries.stream().anyMatch(each -> each.marker.equals(REVOKED) && Arrays.equals(each.key, key))) {
            return Verdict.REVOKED;
        }
        // Authorities sign certificates of hosts, which are not asked for.
        List<Entry> plain =
                entries.stream().filter(each -> each.marker.equals(NONE)).toList();
        if (plain.stream().anyMatch(each -> Arrays.equals(each.key, key))) {
            return Verdict.KNOWN;
        }
        return plain.isEmpty() ? Verdict.UNKNOWN : Verdict.CHANGED;
    }

    /** The kinds of keys that are known of the host, as they are to be asked for first. */
    Set<String> kinds() {
        return entries.stream()
                .filter(each -> each.marker.equals(NONE))
                .map(Entry::kind)
                .collect(Collectors.toUnmodifiableSet());
    }
}
