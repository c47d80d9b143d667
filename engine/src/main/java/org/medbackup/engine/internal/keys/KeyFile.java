package org.medbackup.engine.internal.keys;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.Crypto;

/**
 * A role's key without a passphrase, as a text file for unattended runs:
 *
 * <pre>
 * MEDBACKUP-KEY 1
 * role: writer
 * repository: (32 hexadecimal digits)
 * sha256: (64 hexadecimal digits, of the decoded key)
 * (the key in Base64)
 * </pre>
 */
public final class KeyFile {

    private static final String FIRST_LINE = "MEDBACKUP-KEY 1";

    private KeyFile() {}

    /** The file's text. */
    public static Secret write(KeyRing ring) {
        byte[] key = ring.encode();
        HexFormat hex = HexFormat.of();
        String text = FIRST_LINE
                + "\nrole: " + ring.role().name().toLowerCase(Locale.ROOT)
                + "\nrepository: " + hex.formatHex(ring.repository())
                + "\nsha256: " + hex.formatHex(Crypto.sha256(key))
                + "\n" + Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(key) + "\n";
        return Secret.ofText(text);
    }

    /**
     * Reads a file's text.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#CREDENTIAL_UNREADABLE} where it is no key
     *     file or has been changed
     */
    public static KeyRing read(Secret file) {
        List<String> lines = file.use(
                bytes -> new String(bytes, StandardCharsets.UTF_8).lines().toList());
        if (lines.size() < 5 || !lines.getFirst().equals(FIRST_LINE)) {
            throw ErrorCode.CREDENTIAL_UNREADABLE.because("it does not begin as a key file does");
        }
        try {
            byte[] key = Base64.getMimeDecoder().decode(String.join("", lines.subList(4, lines.size())));
            byte[] digest = HexFormat.of().parseHex(lines.get(3).substring("sha256: ".length()));
            if (!Arrays.equals(digest, Crypto.sha256(key))) {
                throw ErrorCode.CREDENTIAL_UNREADABLE.because("the key file has been changed or cut off");
            }
            return KeyRing.decode(key);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | MalformedException malformed) {
            throw ErrorCode.CREDENTIAL_UNREADABLE.because("the key file is malformed", malformed);
        }
    }
}
