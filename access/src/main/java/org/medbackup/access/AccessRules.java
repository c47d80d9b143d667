package org.medbackup.access;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.sign.Signer;
import org.medbackup.documents.CheckedDocument.Fault;
import org.medbackup.documents.sign.Signatures;

/**
 * Who may do what, as it was written and signed. Immutable; {@code docs/access.md} says what may stand there.
 *
 * @param text as it was written
 * @param digest SHA-256 of what it says
 * @param version from 1
 * @param people whom it names
 * @param approvals how they are given
 * @param floor what rules of retention keep at the least; null where each use of rules has to be approved
 * @param review within which time an emergency is reviewed; null where nobody may restore without the role
 * @param asksPurpose whether who restores has to say why
 * @param tokens whose tokens count; null for nobody's
 */
public record AccessRules(
        String text,
        String digest,
        int version,
        List<Person> people,
        ApprovalTerms approvals,
        @Nullable RetentionFloor floor,
        @Nullable Duration review,
        boolean asksPurpose,
        @Nullable TokenTerms tokens) {

    /** Nothing else that anybody signs begins so. */
    public static final String DOMAIN = "mb/access/v1";

    public AccessRules {
        people = List.copyOf(people);
    }

    /**
     * Reads rules.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#ACCESS_INVALID}, which names the first line that
     *     is wrong
     */
    public static AccessRules parse(String text) {
        AccessDocument document = AccessDocument.read(text);
        return document.rules().orElseThrow(() -> {
            List<Fault> faults = document.faults();
            int more = faults.size() - 1;
            return ErrorCode.ACCESS_INVALID.because(
                    faults.getFirst().text() + (more == 0 ? "" : "; and " + more + " more"));
        });
    }

    /** Everything that is wrong with rules. */
    public static List<Fault> check(String text) {
        return AccessDocument.read(text).faults();
    }

    /** Whom a proof of identity names; empty for nobody. */
    public Optional<Person> who(Person.Way way, String name) {
        String proven = way == Person.Way.CERTIFICATE ? subject(name) : name;
        return people.stream()
                .filter(each -> proven.equals(each.known().get(way)))
                .findFirst();
    }

    /** One spelling for a subject of a certificate; what is none is nobody's. */
    static String subject(String name) {
        try {
            return new X500Principal(name).getName();
        } catch (IllegalArgumentException malformed) {
            return "";
        }
    }

    /** Whom the rules call so. */
    public Optional<Person> named(String name) {
        return people.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** Signatures of these rules, none yet. */
    public Signatures unsigned() {
        return Signatures.none(DOMAIN, digest, version);
    }

    /** The keys of those who approve. */
    public List<Signer> approvers() {
        return people.stream()
                .map(Person::approvingKey)
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Whether other rules may take the place of these, or begin where there were none.
     *
     * @param before those in force; null for none: then as many of the new ones' own approvers have to sign
     * @param signatures of these
     * @return who has signed
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#ACCESS_UNTRUSTED} or
     *     {@link ErrorCode#ACCESS_OUTDATED}
     */
    public List<Signer> requireSignedAfter(@Nullable AccessRules before, Signatures signatures) {
        int next = before == null ? 1 : before.version() + 1;
        if (version != next) {
            throw ErrorCode.ACCESS_OUTDATED.because("their version is " + version + " and has to be " + next);
        }
        if (!signatures.areOf(digest, version)) {
            throw ErrorCode.ACCESS_UNTRUSTED.because("they were changed after they were signed");
        }
        AccessRules judge = before == null ? this : before;
        List<Signer> signed = signatures.signers(judge.approvers());
        int quorum = judge.approvals().quorum();
        if (signed.size() < quorum) {
            throw ErrorCode.ACCESS_UNTRUSTED.because("of the approvers " + (before == null ? "they name " : "in force ")
                    + signed.size() + " have signed, and " + quorum + " have to");
        }
        return signed;
    }

    /** The names of those whom keys belong to. */
    public List<String> names(Collection<Signer> keys) {
        return keys.stream().map(Signer::name).sorted().toList();
    }
}
