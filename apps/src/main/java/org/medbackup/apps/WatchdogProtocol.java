package org.medbackup.apps;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The lines between a backup process and its watchdog, over the watchdog's standard input and output. An id names a freeze.
 *
 * <pre>
 * watchdog:  READY
 * process:   LEASE id ttl-milliseconds journal-entry frozen    (the last two in Base64; frozen holds secrets)
 * watchdog:  HELD id | REFUSED id code
 * process:   RENEW id                                          (no answer)
 * process:   MINE id
 * watchdog:  YES id | NO id
 * process:   END id                                            (the application has said that it is not frozen; no answer)
 * watchdog:  THAWED id                                         (unasked: the lease ran out)
 * </pre>
 *
 * The end of the input means that the process is gone: what it has leased is thawed.
 */
final class WatchdogProtocol {

    static final String READY = "READY";

    private WatchdogProtocol() {}

    enum Verb {
        LEASE,
        RENEW,
        MINE,
        END,
        HELD,
        REFUSED,
        YES,
        NO,
        THAWED
    }

    /**
     * One line.
     *
     * @param rest what follows the id, or nothing
     */
    record Line(Verb verb, String id, String rest) {

        @Override
        public String toString() {
            return verb + " " + id + (rest.isEmpty() ? "" : " " + rest);
        }

        /** Null for what is none. */
        static @Nullable Line parse(String text) {
            String[] words = text.split(" ", 3);
            for (Verb verb : Verb.values()) {
                if (words.length > 1 && verb.name().equals(words[0])) {
                    return new Line(verb, words[1], words.length > 2 ? words[2] : "");
                }
            }
            return null;
        }
    }

    /**
     * What is to be guarded.
     *
     * @param ttl after which it is thawed unless it is renewed
     * @param entry file of its entry in the journal
     * @param frozen with secrets
     */
    record Order(Duration ttl, String entry, Frozen frozen) {

        String encoded() {
            Base64.Encoder base64 = Base64.getEncoder();
            return ttl.toMillis() + " " + base64.encodeToString(entry.getBytes(StandardCharsets.UTF_8)) + " "
                    + base64.encodeToString(FrozenCodec.encode(frozen));
        }

        static Order decode(String rest) throws IOException {
            String[] words = rest.split(" ", -1);
            if (words.length != 3) {
                throw new IOException("three words are expected");
            }
            try {
                Base64.Decoder base64 = Base64.getDecoder();
                return new Order(
                        Duration.ofMillis(Long.parseLong(words[0])),
                        new String(base64.decode(words[1]), StandardCharsets.UTF_8),
                        FrozenCodec.decode(base64.decode(words[2])));
            } catch (IllegalArgumentException malformed) {
                throw new IOException("malformed", malformed);
            }
        }
    }
}
