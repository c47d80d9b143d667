package org.medbackup.policy;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.DocumentException;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/**
 * The signatures of a policy, as they lie beside it in {@code FILE.sig}: canonical JSON (RFC 8785), one line. Each is over the
 * text {@code mb/policy/v1}, a line feed, the policy's digest, a line feed, its version, a line feed. Immutable.
 *
 * @param digest of the policy
 * @param version of the policy
 * @param signatures each of another key
 */
public record PolicySignatures(String digest, int version, List<Made> signatures) {

    /** Nothing else that anybody signs begins so. */
    private static final String DOMAIN = "mb/policy/v1\n";

    public PolicySignatures {
        signatures = List.copyOf(signatures);
    }

    /**
     * One signature.
     *
     * @param key id of the key, see {@link PolicySigner#id()}
     * @param signature 64 bytes in base64
     */
    public record Made(String key, String signature) {}

    /** None yet. */
    public static PolicySignatures none(Policy policy) {
        return new PolicySignatures(policy.digest(), policy.version(), List.of());
    }

    /**
     * Reads them.
     *
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#POLICY_UNTRUSTED} where they are malformed
     */
    public static PolicySignatures parse(String text) {
        try {
            Members root = Json.parseMembers(text);
            List<Made> made = new ArrayList<>();
            for (JsonValue each : root.items("signatures")) {
                var one = (Members) each;
                made.add(new Made(one.text("key"), one.text("signature")));
            }
            return new PolicySignatures(root.text("digest"), Math.toIntExact(root.whole("version")), made);
        } catch (JsonException | DocumentException | ClassCastException | ArithmeticException malformed) {
            throw ErrorCode.POLICY_UNTRUSTED.because("the file of its signatures is malformed", malformed);
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

    /** Whether they are of this policy as it is. */
    public boolean areOf(Policy policy) {
        return digest.equals(policy.digest()) && version == policy.version();
    }

    /** These and one more; one of the same key gives way. */
    public PolicySignatures and(PolicyKey key) {
        String id = key.signer().id();
        List<Made> more = new ArrayList<>(
                signatures.stream().filter(each -> !each.key().equals(id)).toList());
        more.add(new Made(id, Base64.getEncoder().encodeToString(key.sign(message()))));
        return new PolicySignatures(digest, version, more);
    }

    /**
     * Who of those who may has signed, each key once; nobody where they are of another policy.
     *
     * @param trusted who may
     */
    public List<PolicySigner> signers(Policy policy, Collection<PolicySigner> trusted) {
        SequencedMap<String, PolicySigner> signed = new LinkedHashMap<>();
        if (areOf(policy)) {
            for (PolicySigner each : trusted) {
                String id = each.id();
                if (signatures.stream()
                        .anyMatch(one -> one.key().equals(id) && each.hasSigned(message(), decoded(one.signature())))) {
                    signed.putIfAbsent(id, each);
                }
            }
        }
        return List.copyOf(signed.sequencedValues());
    }

    private String message() {
        return DOMAIN + digest + "\n" + version + "\n";
    }

    private static byte[] decoded(String signature) {
        try {
            return Base64.getDecoder().decode(signature);
        } catch (IllegalArgumentException malformed) {
            return new byte[0];
        }
    }
}
