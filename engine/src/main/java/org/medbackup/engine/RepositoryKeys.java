package org.medbackup.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.access.ProtectedAct;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.commit.Certificate;
import org.medbackup.engine.internal.commit.Retirement;
import org.medbackup.engine.internal.commit.Signers;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.keys.KeyFile;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.keys.RecoveryShare;
import org.medbackup.engine.internal.keys.Stretching;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.open.RepositoryFiles;

/**
 * The keys of an open repository. What gives or changes them needs the owner's; others fail with
 * {@link ErrorCode#KEY_ROLE_INSUFFICIENT}. Safe for use by several threads.
 */
public final class RepositoryKeys {

    private static final int MOST_SHARES = 255;
    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9_-]{1,63}");

    private final RepositoryCore core;
    private final RepositoryFiles files;

    RepositoryKeys(RepositoryCore core) {
        this.core = core;
        this.files = new RepositoryFiles(core.store(), core.context().entropy());
    }

    /**
     * All keys, without the keys: passwords, signers, and the pairs that the caller's key knows.
     *
     * @param log takes what is found to be damaged and left out
     */
    public List<KeyInfo> list(OperationLog log) {
        var findings = new Findings(log);
        KeyRing ring = core.keys();
        var keys = new ArrayList<KeyInfo>();
        files.passwords(ring.repository(), findings)
                .forEach((id, stretching) -> keys.add(new KeyInfo(
                        "owner-" + id,
                        KeyInfo.Kind.PASSWORD,
                        word(KeyRole.OWNER),
                        "",
                        stretching.label(),
                        null,
                        KeyInfo.State.ACTIVE)));
        Signers signers = Signers.read(core.store(), ring, findings);
        signers.all().forEach(certificate -> keys.add(signer(certificate, signers.isRetired(certificate))));
        List<KeyDomain> sealing = ring.sealing();
        for (KeyDomain domain : ring.domains()) {
            keys.add(new KeyInfo(
                    "domain-" + domain.id(),
                    KeyInfo.Kind.PAIR,
                    domain.kind().word(),
                    domain.name(),
                    "X25519+ML-KEM-768",
                    null,
                    sealing.contains(domain) ? KeyInfo.State.ACTIVE : KeyInfo.State.SUPERSEDED));
        }
        return keys;
    }

    private void permit(ProtectedAct.Kind kind, Map<String, String> parameters) {
        RepositoryRules.permit(core, kind, parameters);
    }

    private static KeyInfo signer(Certificate certificate, boolean retired) {
        KeyRole role = certificate.role();
        return new KeyInfo(
                "signer-" + certificate.id(),
                KeyInfo.Kind.SIGNER,
                word(role == null ? KeyRole.WRITER : role),
                certificate.name(),
                certificate.key().algorithm().label(),
                certificate.created(),
                retired ? KeyInfo.State.REVOKED : KeyInfo.State.ACTIVE);
    }

    private static String word(KeyRole role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Makes keys for another holder, and certifies what it signs.
     *
     * @param role any but the owner's
     * @param name of the holder, for people; without secrets, it can be read with the key of any role
     * @return the text of the role's key file; whoever has it has the role
     */
    public Secret addRecipient(KeyRole role, String name) {
        core.keys().require(KeyRole.Right.ADMINISTER);
        permit(ProtectedAct.Kind.GIVE_KEY, Map.of("role", word(role)));
        KeyRing ring = core.keys().forRole(role, core.context().entropy());
        files.certify(core.keys(), ring, name, core.context().time().now());
        return KeyFile.write(ring);
    }

    /**
     * Revokes a signer's key: restore points that it has signed up to now and that can be read go on to count, others and
     * later ones do not, whatever time they claim; results of verifications that it has signed count no more. What the
     * holder could open it still can; see {@link #rotate}.
     *
     * @param id as {@link KeyInfo#id} gives it, {@code signer-…}; not the caller's own
     * @param log takes what is found to be damaged
     */
    public void revoke(String id, OperationLog log) {
        KeyRing ring = core.keys();
        ring.require(KeyRole.Right.ADMINISTER);
        var findings = new Findings(log);
        Certificate certificate = Signers.read(core.store(), ring, findings).all().stream()
                .filter(each -> id.equals("signer-" + each.id()))
                .findFirst()
                .orElseThrow(() -> ErrorCode.USAGE.because("no signer has this id; see the list of keys"));
        byte[] signer = certificate.key().ed25519();
        if (Arrays.equals(signer, Certificate.publicOf(ring))) {
            throw ErrorCode.USAGE.because("the owner's own key is not revoked; make another repository");
        }
        permit(ProtectedAct.Kind.TAKE_KEY, Map.of("key", id));
        byte[] keyId = Certificate.keyId(signer);
        Slots slots = core.slots(findings);
        var kept = new ArrayList<Retirement.Kept>();
        slots.each(
                manifest -> {
                    if (Arrays.equals(manifest.open().writer(), keyId)) {
                        slots.object(manifest.text())
                                .ifPresent(object -> kept.add(
                                        new Retirement.Kept(manifest.open().id(), Crypto.sha256(object))));
                    }
                },
                (slot, damaged) -> findings.add(Slots.slot(slot), damaged));
        files.retire(ring, new Retirement(signer, core.context().time().now(), kept));
    }

    /**
     * Wraps the owner's keys under a password, in place of the ones before. Ended early, the password before and this one
     * both open. Takes effect when the repository is opened again.
     *
     * @param password not empty; the one before may be given again
     * @param pairs whether data, names and references are sealed to new pairs from now on. What was sealed before still
     *     opens. Holders of earlier key files go on sealing to the earlier pairs, and do not open what is sealed to the
     *     new ones, until each gets a new key file
     */
    public void rotate(Secret password, KeyDerivation derivation, boolean pairs) {
        rotate(password, Stretching.of(derivation), pairs);
    }

    /**
     * Makes a key domain for data: what is sealed for it is opened, and shredded, apart from all else. The keys are wrapped
     * under the password given, as {@link #rotate} does. Takes effect when the repository is opened again; holders of key
     * files know it when they get new ones.
     *
     * @param name of lower-case letters, digits and {@code - _}, 1 to 63 of them; not one that is there
     * @param password not empty; the one before may be given again
     */
    public void addDomain(String name, Secret password, KeyDerivation derivation) {
        addDomain(name, password, Stretching.of(derivation));
    }

    /** For tests, which make many. */
    void addDomain(String name, Secret password, int rounds) {
        addDomain(name, password, new Stretching.Pbkdf2(rounds));
    }

    private void addDomain(String name, Secret password, Stretching stretching) {
        KeyRing ring = core.keys();
        ring.require(KeyRole.Right.ADMINISTER);
        if (!DOMAIN.matcher(name).matches()) {
            throw ErrorCode.USAGE.because("a key domain's name has 1 to 63 of a-z, 0-9, - and _");
        }
        if (domains().contains(name)) {
            throw ErrorCode.USAGE.because("the repository has a key domain of this name");
        }
        if (password.length() == 0) {
            throw ErrorCode.NO_CREDENTIAL_GIVEN.because("the password is empty");
        }
        files.rewrap(ring.withDomain(name, core.context().entropy()), password, stretching);
    }

    /** The names of the key domains of data that the key knows. */
    public Set<String> domains() {
        return core.keys().domains().stream()
                .filter(each -> each.kind() == KeyDomain.Kind.DATA)
                .map(KeyDomain::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** For tests, which rotate often. */
    void rotate(Secret password, int rounds, boolean pairs) {
        rotate(password, new Stretching.Pbkdf2(rounds), pairs);
    }

    private void rotate(Secret password, Stretching stretching, boolean pairs) {
        KeyRing ring = core.keys();
        ring.require(KeyRole.Right.ADMINISTER);
        if (password.length() == 0) {
            throw ErrorCode.NO_CREDENTIAL_GIVEN.because("the password is empty");
        }
        permit(ProtectedAct.Kind.TAKE_KEY, Map.of("key", "owner", "pairs", String.valueOf(pairs)));
        files.rewrap(pairs ? ring.withNewPairs(core.context().entropy()) : ring, password, stretching);
    }

    /**
     * The text of the owner's key file: opens the repository without its password. What is sealed to pairs that are made
     * later it does not open.
     */
    public Secret exportRecovery() {
        core.keys().require(KeyRole.Right.ADMINISTER);
        permit(ProtectedAct.Kind.GIVE_KEY, Map.of("role", word(KeyRole.OWNER)));
        return KeyFile.write(core.keys());
    }

    /**
     * The owner's keys in shares, to be printed and kept apart: any {@code threshold} give them back by
     * {@link #combineRecovery}, fewer tell nothing.
     *
     * @param threshold at least 2
     * @param count at most 255
     */
    public List<Secret> exportRecovery(int threshold, int count) {
        core.keys().require(KeyRole.Right.ADMINISTER);
        if (threshold < 2 || threshold > count || count > MOST_SHARES) {
            throw ErrorCode.USAGE.because(
                    "of at most " + MOST_SHARES + " shares, two or more open and no more than all");
        }
        permit(ProtectedAct.Kind.GIVE_KEY, Map.of("role", word(KeyRole.OWNER), "shares", threshold + "/" + count));
        return RecoveryShare.split(core.keys(), threshold, count, core.context().entropy()).stream()
                .map(RecoveryShare::write)
                .toList();
    }

    /**
     * Gives the owner's key file back; needs no repository.
     *
     * @param shares texts of {@link #exportRecovery(int, int)}, in any order
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#CREDENTIAL_UNREADABLE}; names the share that
     *     was changed, is there twice or belongs elsewhere, or says how many are missing
     */
    public static Secret combineRecovery(List<Secret> shares) {
        var read = new ArrayList<RecoveryShare>();
        for (Secret share : shares) {
            read.add(RecoveryShare.read(share, "the file in place " + (read.size() + 1)));
        }
        return KeyFile.write(RecoveryShare.join(read));
    }
}
