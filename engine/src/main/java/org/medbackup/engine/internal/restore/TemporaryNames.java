package org.medbackup.engine.internal.restore;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import org.medbackup.core.PathBytes;
import org.medbackup.engine.internal.crypto.Crypto;

/**
 * Names under which files are written until they are whole. The same restore point and path give the same name on this
 * host, so that a resumed restore finds what its predecessor began without any list of it; no other host and no other
 * restore point give it. Used by one thread.
 */
final class TemporaryNames {

    /** How each of them begins. */
    static final String PREFIX = ".mbtmp-";

    private static final int DIGITS = 16;

    private final Mac mac;

    TemporaryNames(byte[] hostKey, String snapshot) {
        this.mac = Crypto.hmac(Crypto.hmac(Crypto.hmac(hostKey, "mb/restore/v1"), snapshot));
    }

    /** Beside the path, in the same folder. */
    PathBytes of(PathBytes path) {
        byte[] digest = mac.doFinal(path.bytes());
        String name = PREFIX + HexFormat.of().formatHex(Arrays.copyOf(digest, DIGITS / 2));
        return path.parent().resolve(name.getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether a name is one of them, of whatever restore. */
    static boolean isOne(byte[] name) {
        byte[] prefix = PREFIX.getBytes(StandardCharsets.US_ASCII);
        return name.length == prefix.length + DIGITS && Arrays.equals(name, 0, prefix.length, prefix, 0, prefix.length);
    }
}
