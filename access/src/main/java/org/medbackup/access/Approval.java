package org.medbackup.access;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.sign.Signer;
import org.medbackup.core.sign.SigningKey;

/**
 * A request, and who has signed it. Immutable.
 *
 * @param request what
 * @param signatures each of another key
 */
public record Approval(ApprovalRequest request, List<Signature> signatures) {

    public Approval {
        signatures = List.copyOf(signatures);
    }

    /**
     * One signature.
     *
     * @param key id of the key, see {@link Signer#id()}
     * @param signature 64 bytes in base64
     */
    public record Signature(String key, String signature) {

        /** Somebody signs. */
        public static Signature of(ApprovalRequest request, SigningKey key) {
            return new Signature(key.signer().id(), Base64.getEncoder().encodeToString(key.sign(request.message())));
        }
    }

    /** How far it is. */
    public enum State {
        /** Others have to sign. */
        PENDING,
        /** Enough have signed; it does not happen before its time. */
        COOLING,
        /** It may happen, once. */
        READY,
        /** It has ended. */
        EXPIRED,
        /** The rules are others now. */
        VOID
    }

    /** Not signed by anybody yet. */
    public static Approval of(ApprovalRequest request) {
        return new Approval(request, List.of());
    }

    /** The names of those whose signatures count: approvers by the rules, other persons than the requester, each once. */
    public List<String> approvers(AccessRules rules) {
        var names = new TreeSet<String>();
        for (Person each : rules.people()) {
            boolean counts = !each.name().equals(request.requester())
                    && each.approvingKey().map(this::isSignedBy).orElse(false);
            if (counts) {
                names.add(each.name());
            }
        }
        return List.copyOf(names);
    }

    private boolean isSignedBy(Signer key) {
        return signatures.stream()
                .anyMatch(each -> each.key().equals(key.id()) && key.hasSigned(request.message(), decoded(each)));
    }

    private static byte[] decoded(Signature signature) {
        try {
            return Base64.getDecoder().decode(signature.signature());
        } catch (IllegalArgumentException malformed) {
            return new byte[0];
        }
    }

    /** How far it is by these rules now. Whether it was used up, only the place where it is used knows. */
    public State state(AccessRules rules, Instant now) {
        if (!request.rules().equals(rules.digest())) {
            return State.VOID;
        }
        if (!now.isBefore(request.expires()) || now.isBefore(request.created())) {
            return State.EXPIRED;
        }
        if (approvers(rules).size() < rules.approvals().quorum()) {
            return State.PENDING;
        }
        return now.isBefore(request.notBefore()) ? State.COOLING : State.READY;
    }

    /**
     * One more has signed.
     *
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#APPROVAL_REFUSED} where the signature does not
     *     count: of no approver, of the requester, of another text, or too late
     */
    public Approval and(Signature signature, AccessRules rules, Instant now) {
        State state = state(rules, now);
        if (state == State.EXPIRED || state == State.VOID) {
            throw ErrorCode.APPROVAL_REFUSED.because(
                    state == State.VOID ? "the rules are others since it was requested" : "the request has ended");
        }
        Person person = rules.people().stream()
                .filter(each -> each.key() != null && each.key().id().equals(signature.key()))
                .findFirst()
                .orElseThrow(() -> ErrorCode.APPROVAL_REFUSED.because("the key belongs to nobody in the rules"));
        if (!person.may(AccessRight.APPROVE)) {
            throw ErrorCode.APPROVAL_REFUSED.because(person.name() + " is no approver");
        }
        if (person.name().equals(request.requester())) {
            throw ErrorCode.APPROVAL_REFUSED.because("nobody approves what he requests");
        }
        var more = new ArrayList<>(signatures);
        more.removeIf(each -> each.key().equals(signature.key()));
        more.add(signature);
        var signed = new Approval(request, more);
        if (!signed.approvers(rules).contains(person.name())) {
            throw ErrorCode.APPROVAL_REFUSED.because("the signature is not one of this request");
        }
        return signed;
    }
}
