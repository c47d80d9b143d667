package org.medbackup.documents.sign;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.medbackup.core.sign.Signer;
import org.medbackup.core.sign.SigningKey;
import org.medbackup.documents.DocumentException;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/**
 * The signatures of a document that has versions, such as a policy, as they lie beside it in {@code FILE.sig}: canonical JSON
 * (RFC 8785), one line. Each is over the domain, a line feed, the document's digest, a line feed, its version, a line feed.
 * Immutable.
 *
 * @param domain what kind of document it is, such as {@code mb/policy/v1}; no other kind has it, and it is not written
 * @param digest of the document
 * @param version of the document
 * @param signatures each of another key
 */
public record Signatures(String domain, String digest, int version, List<Made> signatures) {

    public Signatures {
        signatures = List.copyOf(signatures);
    }

    /**
     * One signature.
     *
     * @param key id of the key, see {@link Signer#id()}
     * @param signature 64 bytes in base64
     */
    public record Made(String key, String signature) {}

    /** None yet. */
    public static Signatures none(String domain, String digest, int version) {
        return new Signatures(domain, digest, version, List.of());
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException where they are malformed
     */
    public static Signatures parse(String domain, String text) {
        try {
            Members root = Json.parseMembers(text);
            List<Made> made = new ArrayList<>();
            for (JsonValue each : root.items("signatures")) {
                var one = (Members) each;
                made.add(new Made(one.text("key"), one.text("signature")));
            }
            return new Signatures(domain, root.text("digest"), Math.toIntExact(root.whole("version")), made);
        } catch (JsonException | DocumentException | ClassCastException | ArithmeticException malformed) {
            throw new IllegalArgumentException("the signatures are malformed", malformed);
        }
    }

    /** As they are written. */
    public String text() {
        var root = new LinkedHashMap<String, Object>();
        root.put("digest", digest);
        root.put("version", version);
        root.put(
                "signatures",
                signatures.stream()
                        .map(each -> Map.of("key", each.key(), "signature", each.signature()))
                        .toList());
        return Json.canonical(JsonValue.of(root)) + "\n";
    }

    /** Whether they are of this document as it is. */
    public boolean areOf(String document, int itsVersion) {
        return digest.equals(document) && version == itsVersion;
    }

    /** These and one more; one of the same key gives way. */
    public Signatures and(SigningKey key) {
        String id = key.signer().id();
        List<Made> more = new ArrayList<>(
                signatures.stream().filter(each -> !each.key().equals(id)).toList());
        more.add(new Made(id, Base64.getEncoder().encodeToString(key.sign(message()))));
        return new Signatures(domain, digest, version, more);
    }

    /**
     * Who of those who may has signed what these are of, each key once. Whether that is the document at hand, {@link #areOf} says.
     *
     * @param trusted who may
     */
    public List<Signer> signers(Collection<Signer> trusted) {
        SequencedMap<String, Signer> signed = new LinkedHashMap<>();
        for (Signer each : trusted) {
            String id = each.id();
            if (signatures.stream()
                    .anyMatch(one -> one.key().equals(id) && each.hasSigned(message(), decoded(one.signature())))) {
                signed.putIfAbsent(id, each);
            }
        }
        return List.copyOf(signed.sequencedValues());
    }

    private String message() {
        return domain + "\n" + digest + "\n" + version + "\n";
    }

    private static byte[] decoded(String signature) {
        try {
            return Base64.getDecoder().decode(signature);
        } catch (IllegalArgumentException malformed) {
            return new byte[0];
        }
    }
}
