package org.medbackup.service;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.medbackup.access.AccessRight;
import org.medbackup.access.AccessRules;
import org.medbackup.access.Person;
import org.medbackup.access.TokenTerms;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.access.AccessRecords;
import org.medbackup.core.spi.access.TokenVerifier;
import org.medbackup.service.SignedRules.Believed;

/**
 * Lets operations begin for those whom the rules of access name for it. Without rules, for everybody. Safe for use by several
 * threads.
 */
final class AccessControl {

    /** For so long a token that was proved is not proved again. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final Settings settings;
    private final AccessStore store;
    private final Emergencies emergencies;
    private final AtomicReference<@Nullable Believed> known = new AtomicReference<>();
    private final AtomicReference<@Nullable Subject> subject = new AtomicReference<>();

    AccessControl(Settings settings, AccessStore store, Emergencies emergencies) {
        this.settings = settings;
        this.store = store;
        this.emergencies = emergencies;
    }

    /**
     * The rules in force on this host; empty where nobody has activated any.
     *
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#ACCESS_UNTRUSTED} where they were changed
     */
    Optional<Believed> inForce() {
        List<Integer> versions = store.versions();
        Believed last = known.get();
        if (last != null
                && !versions.isEmpty()
                && last.rules().version() == versions.getLast()
                && last.chain().size() == versions.size()) {
            return Optional.of(last);
        }
        List<SignedRules> chain = versions.stream()
                .map(version -> store.version(version)
                        .orElseThrow(() -> ErrorCode.ACCESS_UNTRUSTED.because("a version of them is gone")))
                .toList();
        Optional<Believed> read = SignedRules.chained(chain);
        known.set(read.orElse(null));
        return read;
    }

    /**
     * The newest of the rules of this host and of a repository; those of the repository that this host lacks are in force here
     * from now on.
     */
    Optional<Believed> inForceAt(AccessRecords records) {
        Optional<Believed> here = inForce();
        Optional<Believed> there = SignedRules.newest(records.rules());
        if (there.isEmpty()
                || here.isPresent()
                        && here.get().chain().size() >= there.get().chain().size()) {
            return here;
        }
        List<SignedRules> chain = there.get().chain();
        List<SignedRules> mine = here.map(Believed::chain).orElse(List.of());
        if (!chain.subList(0, mine.size()).equals(mine)) {
            throw ErrorCode.ACCESS_UNTRUSTED.because(
                    "those of the repository and those of this host are different ones");
        }
        for (SignedRules each : chain.subList(mine.size(), chain.size())) {
            store.activate(each, settings.time().now());
        }
        return there;
    }

    /** Who the audit trail says acts: whom the rules name, where there are any and it can be proved. */
    Actor actor() {
        Actor claimed = settings.actor();
        try {
            return inForce()
                    .flatMap(believed -> proven(believed.rules()))
                    .map(proof -> new Actor(
                            proof.person().name(),
                            claimed.host(),
                            claimed.reason(),
                            claimed.purpose(),
                            proof.way().word(),
                            Objects.requireNonNullElse(claimed.service(), settings.tool())))
                    .orElse(claimed);
        } catch (BackupException untrusted) {
            // Whether it may happen is decided, and refused, once its beginning is on record.
            return claimed;
        }
    }

    /** Somebody, and how it is proved. */
    record Proof(Person person, Person.Way way) {}

    private Optional<Proof> proven(AccessRules rules) {
        Secret token = settings.caller().token();
        Actor claimed = settings.actor();
        Person.Way way;
        String name;
        if (token != null) {
            way = Person.Way.TOKEN;
            name = subject(token, rules);
        } else if (Person.Way.CERTIFICATE.word().equals(claimed.authentication())) {
            way = Person.Way.CERTIFICATE;
            name = claimed.name();
        } else {
            way = Person.Way.OS;
            name = ProcessOwner.name();
        }
        return rules.who(way, name).map(person -> new Proof(person, way));
    }

    /** A subject that was proved a moment ago; the provider is not asked at each step of an operation. */
    private record Subject(String rules, String name, long nanos) {}

    private String subject(Secret token, AccessRules rules) {
        Subject known = subject.get();
        if (known != null
                && known.rules().equals(rules.digest())
                && settings.time().since(known.nanos()).compareTo(FRESH) < 0) {
            return known.name();
        }
        var proved = new Subject(
                rules.digest(), proven(token, rules.tokens()), settings.time().nanos());
        subject.set(proved);
        return proved.name();
    }

    private String proven(Secret token, @Nullable TokenTerms terms) {
        if (terms == null) {
            throw ErrorCode.IDENTITY_UNPROVEN.because("the rules of access name no provider of tokens");
        }
        TokenVerifier verifier = ServiceLoader.load(TokenVerifier.class)
                .findFirst()
                .orElseThrow(() -> ErrorCode.IDENTITY_UNPROVEN.because("this installation has no adapter for tokens"));
        return verifier.subject(
                token,
                new TokenVerifier.Expected(terms.issuer(), terms.audience(), terms.keys()),
                settings.time().now());
    }

    /**
     * Who calls.
     *
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#ACCESS_DENIED} where the rules name nobody who is
     *     known so, or he calls in another's name
     */
    Person caller(AccessRules rules) {
        Proof proof = proven(rules)
                .orElseThrow(
                        () -> ErrorCode.ACCESS_DENIED.because("the rules name nobody who is known as whoever calls"));
        Actor claimed = settings.actor();
        boolean another = "claimed".equals(claimed.authentication())
                && !claimed.name().equals(proof.person().name())
                && !proof.person().known().containsValue(claimed.name());
        if (another) {
            throw ErrorCode.ACCESS_DENIED.because(
                    proof.person().name() + " calls in the name of somebody else; leave `--actor` away");
        }
        return proof.person();
    }

    /**
     * Lets an operation begin, or does not.
     *
     * @throws org.medbackup.core.error.RefusedException where it may not
     */
    void admit(String action, OperationLog log) {
        inForce().ifPresent(believed -> admit(believed.rules(), action, log));
    }

    /** The same at a repository whose rules this host may not know yet; only asked where data is taken out. */
    void admitAt(String action, AccessRecords records, OperationLog log) {
        int before = inForce().map(believed -> believed.chain().size()).orElse(0);
        inForceAt(records).ifPresent(believed -> {
            if (believed.chain().size() > before) {
                admit(believed.rules(), action, log);
            }
        });
    }

    private void admit(AccessRules rules, String action, OperationLog log) {
        if (ActionRights.isFree(action)) {
            return;
        }
        Person caller = caller(rules);
        AccessRight right = ActionRights.of(action)
                .orElseThrow(() -> ErrorCode.ACCESS_DENIED.because("no role allows `" + action + "`"));
        if (ActionRights.takesOut(action) && rules.asksPurpose()) {
            requireWhy();
        }
        if (!caller.may(right)) {
            emergencies.requireOne(rules, caller, right, action, settings, log);
        }
    }

    /**
     * Lets data of a source be taken out, or does not.
     *
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#ACCESS_DENIED} where the source is none of the
     *     caller's, and it is no emergency
     */
    void admitSource(String action, String source, OperationLog log) {
        inForce().map(Believed::rules).ifPresent(rules -> {
            Person caller = caller(rules);
            if (!caller.covers(source)) {
                emergencies.requireOne(rules, caller, AccessRight.RESTORE, action, settings, log);
            }
        });
    }

    private void requireWhy() {
        Actor claimed = settings.actor();
        String reason = claimed.reason();
        String purpose = claimed.purpose();
        if (reason == null || reason.isBlank() || purpose == null || purpose.isBlank()) {
            throw ErrorCode.PURPOSE_MISSING.because(
                    reason == null || reason.isBlank() ? "no reason" : "no purpose of use");
        }
    }

    /**
     * Whether somebody at the control API may do something, by the subject of his certificate.
     *
     * @param action as the audit trail has it
     */
    boolean lets(String subject, String action) {
        return inForce()
                .map(believed -> ActionRights.isFree(action)
                        || believed.rules()
                                .who(Person.Way.CERTIFICATE, subject)
                                .filter(person ->
                                        ActionRights.of(action).map(person::may).orElse(false))
                                .isPresent())
                .orElse(true);
    }
}
