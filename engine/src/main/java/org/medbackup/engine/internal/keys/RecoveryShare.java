package org.medbackup.engine.internal.keys;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Entropy;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.engine.internal.crypto.Shamir;

/**
 * One of several texts, to be printed and kept apart, of which any m give the owner's ring back:
 *
 * <pre>
 * MEDBACKUP-RECOVERY 1
 * repository: (32 hexadecimal digits)
 * set: (16 hexadecimal digits, the same in all that were made together)
 * share: 2 of 5, any 3 open
 * secret: (64 hexadecimal digits)
 * sha256: (64 hexadecimal digits, of the four lines before and the decoded ring)
 * (the ring, sealed under the shared secret, in Base64; the same in all)
 * </pre>
 *
 * @param repository id, 16 bytes
 * @param set id, 8 bytes
 * @param number of this share, from 1
 * @param count how many were made
 * @param threshold how many are needed
 * @param part of the secret, 32 bytes
 * @param sealed the ring
 */
public record RecoveryShare(
        byte[] repository, byte[] set, int number, int count, int threshold, byte[] part, byte[] sealed) {

    private static final String FIRST_LINE = "MEDBACKUP-RECOVERY 1";
    private static final String LABEL = "mb/recovery/v1";
    private static final int LINES = 6;
    private static final HexFormat HEX = HexFormat.of();

    public RecoveryShare {
        boolean possible = threshold >= 2
                && threshold <= count
                && count <= Shamir.MOST
                && number >= 1
                && number <= count
                && part.length == Crypto.KEY;
        if (!possible) {
            throw new IllegalArgumentException("a recovery share is malformed");
        }
    }

    /** Makes shares of an owner's ring. */
    public static List<RecoveryShare> split(KeyRing owner, int threshold, int count, Entropy entropy) {
        byte[] secret = entropy.bytes(Crypto.KEY);
        byte[] set = entropy.bytes(8);
        byte[] sealed = SealedBytes.seal(secret, LABEL, context(owner.repository(), set), owner.encode(), entropy);
        var shares = new ArrayList<RecoveryShare>();
        Shamir.split(secret, threshold, count, entropy)
                .forEach((number, part) ->
                        shares.add(new RecoveryShare(owner.repository(), set, number, count, threshold, part, sealed)));
        Arrays.fill(secret, (byte) 0);
        return shares;
    }

    private static byte[] context(byte[] repository, byte[] set) {
        return new ByteWriter().raw(repository).raw(set).toBytes();
    }

    /** The text. */
    public Secret write() {
        return Secret.ofText(FIRST_LINE + "\n" + head() + "sha256: " + HEX.formatHex(digest()) + "\n"
                + Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(sealed) + "\n");
    }

    private String head() {
        return "repository: " + HEX.formatHex(repository)
                + "\nset: " + HEX.formatHex(set)
                + "\nshare: " + number + " of " + count + ", any " + threshold + " open"
                + "\nsecret: " + HEX.formatHex(part) + "\n";
    }

    private byte[] digest() {
        return Crypto.sha256(new ByteWriter()
                .raw(head().getBytes(StandardCharsets.US_ASCII))
                .raw(sealed)
                .toBytes());
    }

    /**
     * Reads a text.
     *
     * @param which how the caller names it in messages, such as its place in the call
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#CREDENTIAL_UNREADABLE} where it is none or
     *     has been changed
     */
    public static RecoveryShare read(Secret text, String which) {
        List<String> lines = text.use(
                bytes -> new String(bytes, StandardCharsets.UTF_8).lines().toList());
        if (lines.size() <= LINES || !lines.getFirst().strip().equals(FIRST_LINE)) {
            throw ErrorCode.CREDENTIAL_UNREADABLE.because(which + " is no recovery share");
        }
        try {
            String[] words = value(lines.get(3), "share: ").split("[ ,]+");
            var share = new RecoveryShare(
                    HEX.parseHex(value(lines.get(1), "repository: ")),
                    HEX.parseHex(value(lines.get(2), "set: ")),
                    Integer.parseInt(words[0]),
                    Integer.parseInt(words[2]),
                    Integer.parseInt(words[4]),
                    HEX.parseHex(value(lines.get(4), "secret: ")),
                    Base64.getMimeDecoder().decode(String.join("", lines.subList(LINES, lines.size()))));
            if (!Arrays.equals(HEX.parseHex(value(lines.get(5), "sha256: ")), share.digest())) {
                throw ErrorCode.CREDENTIAL_UNREADABLE.because(which + " has been changed, mistyped or cut off");
            }
            return share;
        } catch (IllegalArgumentException | IndexOutOfBoundsException malformed) {
            throw ErrorCode.CREDENTIAL_UNREADABLE.because(which + " has been changed, mistyped or cut off", malformed);
        }
    }

    private static String value(String line, String name) {
        if (!line.startsWith(name)) {
            throw new IllegalArgumentException("a line is not where it belongs");
        }
        return line.substring(name.length()).strip().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * Gives the ring back.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#CREDENTIAL_UNREADABLE} where there are too
     *     few, or one does not belong to the others: it is named
     */
    public static KeyRing join(List<RecoveryShare> shares) {
        if (shares.isEmpty()) {
            throw ErrorCode.CREDENTIAL_UNREADABLE.because("no recovery share is given");
        }
        RecoveryShare first = shares.getFirst();
        var parts = new TreeMap<Integer, byte[]>();
        for (RecoveryShare share : shares) {
            if (!Arrays.equals(share.repository, first.repository)) {
                throw refused("share " + share.number + " belongs to another repository than share " + first.number);
            }
            if (!share.isOfTheSetOf(first)) {
                throw refused("share " + share.number + " was not made together with share " + first.number);
            }
            if (parts.putIfAbsent(share.number, share.part) != null) {
                throw refused("share " + share.number + " is there twice");
            }
        }
        if (parts.size() < first.threshold) {
            throw refused("of " + first.threshold + " shares that are needed " + parts.size() + " are there");
        }
        KeyRing ring = open(first, parts);
        if (ring != null) {
            return ring;
        }
        for (int number : parts.keySet()) {
            var others = new TreeMap<>(parts);
            others.remove(number);
            if (others.size() >= first.threshold && open(first, others) != null) {
                throw refused("share " + number + " is not as it was made; the others open without it");
            }
        }
        throw refused("the shares do not fit together: one of them is not as it was made");
    }

    private boolean isOfTheSetOf(RecoveryShare other) {
        return Arrays.equals(set, other.set)
                && threshold == other.threshold
                && count == other.count
                && Arrays.equals(sealed, other.sealed);
    }

    private static RuntimeException refused(String why) {
        return ErrorCode.CREDENTIAL_UNREADABLE.because(why);
    }

    private static @Nullable KeyRing open(RecoveryShare first, SortedMap<Integer, byte[]> parts) {
        byte[] secret = Shamir.join(parts);
        try {
            byte[] ring = SealedBytes.open(secret, LABEL, context(first.repository, first.set), first.sealed);
            return KeyRing.decode(ring);
        } catch (UnauthenticException | MalformedException wrong) {
            return null;
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
