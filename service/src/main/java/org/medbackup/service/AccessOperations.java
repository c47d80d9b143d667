package org.medbackup.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.medbackup.access.AccessRules;
import org.medbackup.access.Approval;
import org.medbackup.access.Person;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.RefusedException;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.sign.Signer;
import org.medbackup.core.sign.SigningKey;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.documents.CheckedDocument.Fault;
import org.medbackup.documents.sign.Signatures;
import org.medbackup.engine.Repository;
import org.medbackup.service.AccessStore.Emergency;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.SignedRules.Believed;

/**
 * Who may do what, and what others have to approve. Rules are written, signed by several and activated; they hold on this host and at
 * the repository. Safe for use by several threads.
 */
public final class AccessOperations {

    private final Settings settings;
    private final Operations operations;
    private final Repositories repositories;
    private final AccessControl control;
    private final AccessStore store;
    private final Emergencies emergencies;
    private final Function<Repository, ? extends PlacementPolicy> policy;

    AccessOperations(
            Settings settings,
            Operations operations,
            Repositories repositories,
            AccessControl control,
            AccessStore store,
            Emergencies emergencies,
            Function<Repository, ? extends PlacementPolicy> policy) {
        this.settings = settings;
        this.operations = operations;
        this.repositories = repositories;
        this.control = control;
        this.store = store;
        this.emergencies = emergencies;
        this.policy = policy;
    }

    /**
     * Makes a key with which a person signs.
     *
     * @param file for it, which must not exist; gets mode 0600
     * @return its public half, to be put into the rules
     */
    public Signer newKey(Path file) {
        return operations.run(
                "access-key",
                Facts.NONE,
                log -> SignedFiles.newKey(file, settings.entropy()),
                signer -> Ending.success(Facts.of("key", signer.id())));
    }

    /** Everything that is wrong with rules. */
    public List<Fault> check(Path file) {
        return operations.run(
                "access-check",
                Facts.NONE,
                log -> AccessRules.check(text(file)),
                faults -> Ending.success(Facts.of("faults", faults.size())));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException absent) {
            throw ErrorCode.ACCESS_INVALID
                    .because("the file does not exist", absent)
                    .about(file);
        } catch (IOException unreadable) {
            throw ErrorCode.ACCESS_INVALID
                    .because("the file cannot be read", unreadable)
                    .about(file);
        }
    }

    private static AccessRules rules(Path file) {
        try {
            return AccessRules.parse(text(file));
        } catch (BackupException wrong) {
            throw wrong.about(file);
        }
    }

    /**
     * Rules that were signed.
     *
     * @param digest of the rules
     * @param version of the rules
     * @param keys ids of the keys that have signed by now
     */
    public record Signed(String digest, int version, List<String> keys) {

        public Signed {
            keys = List.copyOf(keys);
        }
    }

    /**
     * Signs rules: the signature comes to those that lie beside them in {@code FILE.sig}.
     *
     * @param keyFile a private key, mode 0600
     */
    public Signed sign(Path file, Path keyFile) {
        return operations.run(
                "access-sign",
                Facts.NONE,
                log -> {
                    AccessRules rules = rules(file);
                    SigningKey key = SignedFiles.key(keyFile, settings.environment());
                    Signatures signatures = SignedFiles.read(SignedFiles.beside(file), ErrorCode.ACCESS_UNTRUSTED)
                            .map(SignedRules::parsed)
                            .filter(each -> each.areOf(rules.digest(), rules.version()))
                            .orElseGet(rules::unsigned)
                            .and(key);
                    SignedFiles.write(SignedFiles.beside(file), signatures);
                    return new Signed(
                            rules.digest(),
                            rules.version(),
                            signatures.signatures().stream()
                                    .map(Signatures.Made::key)
                                    .toList());
                },
                signed -> Ending.success(Facts.of("digest", signed.digest()).and("version", signed.version())));
    }

    /**
     * Rules that came into force.
     *
     * @param rules which
     * @param signers the names of those who have signed
     * @param absent targets that have a copy of the repository and do not know of them yet, with the reason
     */
    public record Activated(AccessRules rules, List<String> signers, Map<String, ErrorCode> absent) {

        public Activated {
            signers = List.copyOf(signers);
            absent = Map.copyOf(absent);
        }
    }

    /**
     * Puts rules in force, on this host and at a repository: the first by as many of their own approvers as their quorum, later ones
     * by as many of those in force.
     *
     * @param file of the rules, with their signatures beside
     * @param access to the repository, with the owner's key; null where there is none yet, which leaves the repository without rules
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#ACCESS_INVALID}
     * @throws RefusedException with {@link ErrorCode#ACCESS_UNTRUSTED} or {@link ErrorCode#ACCESS_OUTDATED}
     */
    public Activated activate(Path file, @Nullable RepositoryAccess access) {
        AccessRules candidate = rules(file);
        String signatures = SignedFiles.read(SignedFiles.beside(file), ErrorCode.ACCESS_UNTRUSTED)
                .orElseThrow(() -> ErrorCode.ACCESS_UNTRUSTED
                        .because("no file of signatures lies beside them")
                        .about(file));
        var signed = new SignedRules(candidate.version(), candidate.text(), signatures);
        return access == null
                ? operations.run("access-activate", Facts.NONE, log -> activateHere(candidate, signed), this::ending)
                : repositories.on(
                        access,
                        "access-activate",
                        Facts.NONE,
                        (repository, log) -> {
                            Optional<Believed> before = control.inForceAt(repository.rules());
                            List<String> signers = signers(candidate, signed, before);
                            // The name at the repository decides between two that come at once; this host follows.
                            before.ifPresent(believed -> bring(repository, believed.chain()));
                            bring(repository, List.of(signed));
                            store.activate(signed, settings.time().now());
                            return new Activated(candidate, signers, copies(repository, access, log));
                        },
                        this::ending);
    }

    private Activated activateHere(AccessRules candidate, SignedRules signed) {
        List<String> signers = signers(candidate, signed, control.inForce());
        if (!store.activate(signed, settings.time().now())) {
            throw ErrorCode.ACCESS_OUTDATED.because("version " + signed.version() + " was activated meanwhile");
        }
        return new Activated(candidate, signers, Map.of());
    }

    private static List<String> signers(AccessRules candidate, SignedRules signed, Optional<Believed> before) {
        List<Signer> signers = candidate.requireSignedAfter(
                before.map(Believed::rules).orElse(null), SignedRules.parsed(signed.signatures()));
        return candidate.names(signers);
    }

    /** What was activated before there was a repository comes to it now. */
    private void bring(Repository repository, List<SignedRules> chain) {
        int there = repository.rules().rules().size();
        chain.stream()
                .filter(each -> each.version() > there)
                .forEach(each -> repository.rules().put(each.version(), each.record(), policy.apply(repository)));
    }

    private Map<String, ErrorCode> copies(Repository repository, RepositoryAccess access, OperationLog log) {
        Map<String, ErrorCode> absent = new TreeMap<>();
        var now = settings.configuration();
        for (String name : now.targets().keySet()) {
            String location = Objects.requireNonNull(now.targets().get(name), "it is one of its names");
            if (now.tiers().containsValue(name) || Stores.isSame(location, access.location())) {
                continue;
            }
            try (ObjectStore copy = repositories.open(location, Throttle.none())) {
                repository.rules().bring(copy, policy.apply(repository), log);
            } catch (BackupException failed) {
                if (failed.code() != ErrorCode.REPOSITORY_EXISTS) {
                    absent.put(name, failed.code());
                }
            }
        }
        return absent;
    }

    private Ending ending(Activated activated) {
        return Ending.success(Facts.of("digest", activated.rules().digest())
                .and("version", activated.rules().version())
                .and("signers", String.join(",", activated.signers())));
    }

    /**
     * What holds.
     *
     * @param rules in force; null for none: everybody may do everything
     * @param caller who calls, by the rules; null where they name nobody who is known so
     * @param emergencies all, also those that were reviewed
     */
    public record Shown(
            @Nullable AccessRules rules, @Nullable Person caller, List<SeenEmergency> emergencies) {

        public Shown {
            emergencies = List.copyOf(emergencies);
        }
    }

    /**
     * That somebody without the role has restored.
     *
     * @param id of it
     * @param person who
     * @param action what
     * @param time when
     * @param reviewBy until when somebody else has to look at it
     * @param reviewer who has; null while nobody has
     */
    public record SeenEmergency(
            String id,
            String person,
            String action,
            Instant time,
            Instant reviewBy,
            @Nullable String reviewer) {

        private static SeenEmergency of(Emergency of) {
            return new SeenEmergency(of.id(), of.person(), of.action(), of.time(), of.reviewBy(), of.reviewer());
        }
    }

    /** Says what holds. */
    public Shown show() {
        return operations.run(
                "access-show",
                Facts.NONE,
                log -> {
                    AccessRules rules = control.inForce().map(Believed::rules).orElse(null);
                    List<SeenEmergency> seen = emergencies.all().stream()
                            .map(SeenEmergency::of)
                            .sorted(Comparator.comparing(SeenEmergency::time))
                            .toList();
                    return new Shown(rules, rules == null ? null : known(rules), seen);
                },
                shown -> Ending.success(Facts.of(
                        "version", shown.rules() == null ? 0 : shown.rules().version())));
    }

    private @Nullable Person known(AccessRules rules) {
        try {
            return control.caller(rules);
        } catch (BackupException unknown) {
            return null;
        }
    }

    /**
     * A request, and how far it is.
     *
     * @param approval what was requested, and the signatures
     * @param state of {@link Approval.State}, or {@code USED}
     * @param approvers whose signatures count
     * @param quorum how many have to
     */
    public record Requested(Approval approval, String state, List<String> approvers, int quorum) {

        public Requested {
            approvers = List.copyOf(approvers);
        }
    }

    /**
     * Requests what others have to approve, by the call that would do it: nothing is done.
     *
     * @param act one call of this product, exactly as it is to happen
     * @throws RefusedException where the caller may not do it with approval either
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#USAGE} where nobody has to approve it
     */
    public Requested request(Runnable act) {
        return operations.run(
                "approval-request",
                Facts.NONE,
                log -> {
                    var made = new AtomicReference<@Nullable Approval>();
                    try {
                        ScopedValue.where(AccessGuard.REQUESTING, made::set).run(act);
                    } catch (RefusedException refused) {
                        if (made.get() == null) {
                            throw refused;
                        }
                    }
                    Approval approval = made.get();
                    if (approval == null) {
                        throw ErrorCode.USAGE.because("this is nothing that others approve");
                    }
                    return listed(approval, control.inForce().orElseThrow().rules());
                },
                AccessOperations::ending);
    }

    private static Ending ending(Requested requested) {
        var request = requested.approval().request();
        return Ending.success(Facts.of("approval", request.id())
                .and("operation", request.operation())
                .and("requester", request.requester())
                .and("approvers", String.join(",", requested.approvers()))
                .and("state", requested.state()));
    }

    private Requested listed(Approval approval, AccessRules rules) {
        String state = store.usedAt(approval.request().id()).isPresent()
                ? "USED"
                : approval.state(rules, settings.time().now()).name();
        return new Requested(
                approval, state, approval.approvers(rules), rules.approvals().quorum());
    }

    /** All requests, the newest first. */
    public List<Requested> approvals() {
        return operations.run(
                "approval-list", Facts.NONE, log -> list(), all -> Ending.success(Facts.of("approvals", all.size())));
    }

    /** The same for those who ask a daemon. */
    List<Requested> list() {
        Optional<AccessRules> rules = control.inForce().map(Believed::rules);
        var all = new ArrayList<Requested>();
        rules.ifPresent(now -> store.approvals().stream()
                .sorted(Comparator.comparing((Approval each) -> each.request().created())
                        .reversed())
                .forEach(each -> all.add(listed(each, now))));
        return List.copyOf(all);
    }

    /**
     * Signs a request with an approver's key.
     *
     * @param id of it, or the beginning
     * @param keyFile a private key, mode 0600
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#APPROVAL_NOT_FOUND}
     * @throws RefusedException with {@link ErrorCode#APPROVAL_REFUSED}
     */
    public Requested approve(String id, Path keyFile) {
        return approved(
                id,
                approval ->
                        Approval.Signature.of(approval.request(), SignedFiles.key(keyFile, settings.environment())));
    }

    /**
     * Takes a signature that an approver has made elsewhere, over the line {@code mb/approval/v1}, the text of the request and a line
     * feed.
     *
     * @param id of the request, or the beginning
     */
    public Requested approve(String id, Approval.Signature signature) {
        return approved(id, approval -> signature);
    }

    private interface Signing {
        Approval.Signature of(Approval approval);
    }

    private Requested approved(String id, Signing signing) {
        return operations.run(
                "approval-approve", Facts.of("approval", id), log -> signed(id, signing), AccessOperations::ending);
    }

    /** The same for those who ask a daemon, whose call is on record already. */
    Requested signed(String id, Approval.Signature signature) {
        return signed(id, approval -> signature);
    }

    private Requested signed(String id, Signing signing) {
        AccessRules rules = control.inForce()
                .map(Believed::rules)
                .orElseThrow(() -> ErrorCode.APPROVAL_NOT_FOUND.because("there are no rules of access"));
        List<Approval> found = store.approvals().stream()
                .filter(each -> !id.isEmpty() && each.request().id().startsWith(id))
                .toList();
        if (found.size() != 1) {
            throw ErrorCode.APPROVAL_NOT_FOUND.because(found.isEmpty() ? "none begins so" : "several begin so");
        }
        Approval approval = found.getFirst();
        if (store.usedAt(approval.request().id()).isPresent()) {
            throw ErrorCode.APPROVAL_REFUSED.because("it was used already");
        }
        Approval more =
                approval.and(signing.of(approval), rules, settings.time().now());
        store.keep(more);
        return listed(more, rules);
    }

    /**
     * Says that an emergency was looked at.
     *
     * @param id of it, or the beginning
     * @param finding without patient data
     * @throws RefusedException with {@link ErrorCode#ACCESS_DENIED} where it is the caller's own
     */
    public SeenEmergency review(String id, String finding) {
        return operations.run(
                "access-review",
                Facts.of("emergency", id),
                log -> {
                    AccessRules rules = control.inForce()
                            .map(Believed::rules)
                            .orElseThrow(() -> ErrorCode.APPROVAL_NOT_FOUND.because("there are no rules of access"));
                    return SeenEmergency.of(
                            emergencies.review(id, control.caller(rules).name(), finding));
                },
                seen -> Ending.success(Facts.of("person", seen.person())));
    }
}
