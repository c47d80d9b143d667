package org.medbackup.service;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.sign.Signer;
import org.medbackup.core.spi.access.AccessRecords;
import org.medbackup.core.spi.access.Guard;
import org.medbackup.core.spi.access.ProtectedAct;
import org.medbackup.documents.sign.Signatures;
import org.medbackup.policy.BuiltInPolicy;
import org.medbackup.policy.Policy;
import org.medbackup.policy.PolicyConflict;
import org.medbackup.policy.PolicyFault;
import org.medbackup.policy.Weakening;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.PolicyReports.Activated;
import org.medbackup.service.PolicyReports.Checked;
import org.medbackup.service.PolicyReports.Landed;
import org.medbackup.service.PolicyReports.Signed;
import org.medbackup.service.PolicyReports.Simulated;
import org.medbackup.service.config.Configuration;

/**
 * Which policy holds on this host, and how another one comes to: it is written, checked, simulated, signed and activated. What is
 * in force has its signatures verified at each reading. Safe for use by several threads.
 */
public final class PolicyOperations {

    private static final int SIGNERS_OF_A_WEAKER_ONE = 2;

    private final Settings settings;
    private final Operations operations;
    private final PolicyStore store;
    private final Supplier<Configuration> configuration;
    private final Guard guard;
    private final AtomicReference<@Nullable Read> read = new AtomicReference<>();

    PolicyOperations(
            Settings settings,
            Operations operations,
            PolicyStore store,
            Supplier<Configuration> configuration,
            Guard guard) {
        this.guard = guard;
        this.settings = settings;
        this.operations = operations;
        this.store = store;
        this.configuration = configuration;
    }

    /** To check conditions takes a while, and the same text gives the same policy. */
    private record Read(String text, Policy policy) {}

    /**
     * The policy that holds: the one that was activated last, else {@link BuiltInPolicy#HOSPITAL}.
     *
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#POLICY_UNTRUSTED} where the activated one was
     *     changed, or nobody who may sign by the configuration has signed it
     */
    public PolicyInForce inForce() {
        Optional<PolicyStore.Activated> newest = store.newest();
        if (newest.isEmpty()) {
            return new PolicyInForce(parsed(BuiltInPolicy.HOSPITAL.text()), null, List.of());
        }
        Policy policy = parsed(newest.get().text());
        List<Signer> signers = signers(policy, PolicyFiles.parsed(newest.get().signatures()));
        return new PolicyInForce(policy, newest.get().activated(), names(signers));
    }

    /** The one that somebody put in force; empty where nobody has, without a look at the built-in one. */
    Optional<PolicyInForce> activated() {
        return store.newest().isEmpty() ? Optional.empty() : Optional.of(inForce());
    }

    private Policy parsed(String text) {
        Read known = read.get();
        if (known == null || !known.text().equals(text)) {
            known = new Read(text, Policy.parse(text));
            read.set(known);
        }
        return known.policy();
    }

    private List<Signer> signers(Policy policy, Signatures signatures) {
        if (!signatures.areOf(policy.digest(), policy.version())) {
            throw ErrorCode.POLICY_UNTRUSTED.because("it was changed after it was signed");
        }
        List<Signer> signers = signatures.signers(configuration.get().policySigners());
        if (signers.isEmpty()) {
            throw ErrorCode.POLICY_UNTRUSTED.because("none of the keys of the configuration has signed it");
        }
        return signers;
    }

    private static List<String> names(List<Signer> signers) {
        return signers.stream().map(Signer::name).toList();
    }

    /**
     * Everything that is wrong with a policy.
     *
     * @param file to check; null for the one in force
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#POLICY_INVALID} where it cannot be read
     */
    public Checked check(@Nullable Path file) {
        return operations.run(
                "policy-check",
                Facts.NONE,
                log -> {
                    if (file == null) {
                        return new Checked(List.of(), inForce().policy().conflicts());
                    }
                    String text = PolicyFiles.text(file);
                    List<PolicyFault> faults = Policy.check(text);
                    return new Checked(
                            faults, faults.isEmpty() ? Policy.parse(text).conflicts() : List.of());
                },
                checked -> {
                    Facts facts = Facts.of("faults", checked.faults().size())
                            .and("conflicts", checked.conflicts().size());
                    return checked.isSound()
                            ? Ending.success(facts)
                            : new Ending(Outcome.FINDING, ErrorCode.POLICY_CONFLICTS, facts);
                });
    }

    /** Where the signatures of a policy lie: beside it. */
    public static Path signatureFile(Path file) {
        return SignedFiles.beside(file);
    }

    /**
     * Makes a key that signs policies.
     *
     * @param file for it, which must not exist; gets mode 0600
     * @return its public half, to be put into configurations
     */
    public Signer newKey(Path file) {
        return operations.run(
                "policy-key",
                Facts.NONE,
                log -> PolicyFiles.newKey(file, settings.entropy()),
                signer -> Ending.success(Facts.of("key", signer.id())));
    }

    /**
     * Signs a policy: its signature comes to those that lie beside it.
     *
     * @param keyFile a private key, mode 0600
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#POLICY_INVALID} where the policy, with
     *     {@link ErrorCode#CREDENTIAL_UNREADABLE} where the key cannot be used
     */
    public Signed sign(Path file, Path keyFile) {
        return operations.run(
                "policy-sign",
                Facts.NONE,
                log -> PolicyFiles.sign(file, keyFile, settings.environment()),
                signed -> Ending.success(Facts.of("digest", signed.digest())
                        .and("version", signed.version())
                        .and("key", signed.key())));
    }

    /**
     * Says where files land by the policy in force, and why. Reads the first bytes of each.
     *
     * @param paths absolute; a folder stands for all files below it
     * @param limit so many files are named one by one
     */
    public Landed explain(List<PathBytes> paths, int limit) {
        return operations.run(
                "policy-explain",
                Facts.NONE.andVeiled("paths", paths),
                log -> new PolicyWalk(settings.time().now()).explain(inForce(), paths, limit),
                landed -> Ending.success(Facts.of("files", landed.files()).and("unreadable", landed.unreadable())));
    }

    /**
     * Says what would be different if a policy held, and remembers that it was looked at. Changes nothing else.
     *
     * @param candidate file of the policy
     * @param catalogue a list of files; null for the files themselves
     * @param paths absolute, of the files; none for those of the jobs of the configuration
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#USAGE} where there are no files to look at
     */
    public Simulated simulate(Path candidate, @Nullable Path catalogue, List<PathBytes> paths) {
        return operations.run(
                "policy-simulate",
                Facts.NONE,
                log -> {
                    PolicyInForce now = inForce();
                    Simulated simulated = new PolicyWalk(settings.time().now())
                            .simulate(now, PolicyFiles.policy(candidate), catalogue, paths, configuration.get());
                    long weakened = simulated.result().weakened().values().stream()
                            .mapToLong(Long::longValue)
                            .sum();
                    store.simulated(
                            simulated.candidate().digest(),
                            now.policy().digest(),
                            new PolicyStore.Simulated(simulated.result().files(), weakened));
                    return simulated;
                },
                simulated ->
                        Ending.success(Facts.of("digest", simulated.candidate().digest())
                                .and("against", simulated.inForce().policy().digest())
                                .and("files", simulated.result().files())
                                .and("moves", simulated.result().moves().size())));
    }

    /**
     * Puts a policy in force that was checked, simulated and signed.
     *
     * @param file of the policy, with its signatures beside it
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#POLICY_INVALID} or
     *     {@link ErrorCode#POLICY_CONFLICTS}
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#POLICY_SIGNERS_MISSING},
     *     {@link ErrorCode#POLICY_UNTRUSTED}, {@link ErrorCode#POLICY_OUTDATED}, {@link ErrorCode#POLICY_NOT_SIMULATED} or
     *     {@link ErrorCode#POLICY_WEAKER}
     */
    public Activated activate(Path file) {
        return operations.run(
                "policy-activate",
                Facts.NONE,
                log -> {
                    try {
                        return activated(file);
                    } catch (BackupException refused) {
                        throw refused.about(file);
                    }
                },
                done -> Ending.success(
                        Facts.of("digest", done.inForce().policy().digest())
                                .and("version", done.inForce().policy().version())
                                .and("signers", String.join(",", done.inForce().signers()))
                                .and("weaker", kinds(done.weakenings()))));
    }

    private static String kinds(List<Weakening> weakenings) {
        return weakenings.stream().map(each -> each.kind().name()).distinct().collect(Collectors.joining(","));
    }

    private Activated activated(Path file) {
        String text = PolicyFiles.text(file);
        Policy policy = Policy.parse(text);
        if (configuration.get().policySigners().isEmpty()) {
            throw ErrorCode.POLICY_SIGNERS_MISSING.because("the configuration has no key under policy.signers");
        }
        Signatures signatures = PolicyFiles.parsed(PolicyFiles.signatures(file)
                .orElseThrow(() -> ErrorCode.POLICY_UNTRUSTED.because("no file of signatures lies beside it")));
        List<Signer> signers = signers(policy, signatures);
        PolicyInForce before = inForce();
        if (!before.isBuiltIn() && policy.version() <= before.policy().version()) {
            throw ErrorCode.POLICY_OUTDATED.because("its version is " + policy.version() + ", and that in force has "
                    + before.policy().version());
        }
        List<PolicyConflict> conflicts = policy.conflicts();
        if (!conflicts.isEmpty()) {
            throw ErrorCode.POLICY_CONFLICTS.because(
                    first(conflicts.stream().map(PolicyConflict::message).toList(), ""));
        }
        PolicyStore.Simulated seen = store.simulation(
                        policy.digest(), before.policy().digest())
                .orElseThrow(() -> ErrorCode.POLICY_NOT_SIMULATED.because(
                        "as it is, it was not simulated against the policy in force"));
        List<Weakening> weakenings = before.policy().weakenedBy(policy);
        if ((!weakenings.isEmpty() || seen.weakened() > 0) && signers.size() < SIGNERS_OF_A_WEAKER_ONE) {
            throw ErrorCode.POLICY_WEAKER.because(first(
                    weakenings.stream().map(Weakening::message).toList(),
                    "the simulation found files that would be protected less"));
        }
        if (!weakenings.isEmpty() || seen.weakened() > 0) {
            Map<String, String> what = Map.of("digest", policy.digest(), "version", String.valueOf(policy.version()));
            guard.permit(new ProtectedAct(ProtectedAct.Kind.WEAKEN_POLICY, "", what), AccessRecords.none());
        }
        Instant now = settings.time().now();
        store.activate(policy.version(), new PolicyStore.Activated(text, signatures.text(), now));
        return new Activated(new PolicyInForce(policy, now, names(signers)), weakenings);
    }

    private static String first(List<String> messages, String otherwise) {
        if (messages.isEmpty()) {
            return otherwise;
        }
        int more = messages.size() - 1;
        return messages.getFirst() + (more == 0 ? "" : "; and " + more + " more");
    }
}
