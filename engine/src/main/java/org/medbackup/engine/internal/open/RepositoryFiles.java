package org.medbackup.engine.internal.open;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Entropy;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.engine.Credential;
import org.medbackup.engine.internal.commit.Certificate;
import org.medbackup.engine.internal.commit.Retirement;
import org.medbackup.engine.internal.index.IndexRoot;
import org.medbackup.engine.internal.keys.FormatObject;
import org.medbackup.engine.internal.keys.KeyFile;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.keys.Stretching;
import org.medbackup.engine.internal.keys.WrappedKey;
import org.medbackup.engine.internal.log.Findings;

/** The objects by which a repository is recognised and opened; each stands twice. */
public final class RepositoryFiles {

    private static final ObjectName FORMAT = ObjectName.of("format");
    private static final ObjectName FORMAT_COPY = ObjectName.of("format.2");
    private static final String KEYS = "keys";
    private static final String KEYS_COPY = "keys.2";
    private static final String OWNER = "/owner-";

    private final ObjectStore store;
    private final Entropy entropy;

    public RepositoryFiles(ObjectStore store, Entropy entropy) {
        this.store = store;
        this.entropy = entropy;
    }

    /**
     * Makes a repository. Its description comes last: without it nobody takes the rest for one.
     *
     * @param writer ring of a writer to be certified too, or null
     * @param stretching of the passphrase
     */
    public void create(KeyRing owner, @Nullable KeyRing writer, Secret passphrase, Stretching stretching, Instant now) {
        if (!store.isEmpty()) {
            throw ErrorCode.REPOSITORY_EXISTS.because(store.location());
        }
        IndexRoot root = IndexRoot.first();
        byte[] first = root.encode(owner, entropy);
        if (!put(root.name(), first)) {
            throw ErrorCode.REPOSITORY_EXISTS.because("somebody else has just made one at " + store.location());
        }
        CreateOnly.require(store, root.name(), first);
        wrap(owner, passphrase, stretching);
        certify(owner, owner, "owner", now);
        if (writer != null) {
            certify(owner, writer, "writer", now);
        }
        byte[] format = new FormatObject(
                        1, owner.repository(), now, owner.signer().verifying().algorithm())
                .encode();
        put(FORMAT_COPY, format);
        put(FORMAT, format);
    }

    private void wrap(KeyRing owner, Secret passphrase, Stretching stretching) {
        byte[] wrapped = WrappedKey.wrap(owner, passphrase, stretching, entropy);
        String id = HexFormat.of().formatHex(entropy.bytes(8));
        put(ObjectName.of(KEYS_COPY + OWNER + id), wrapped);
        put(ObjectName.of(KEYS + OWNER + id), wrapped);
    }

    /**
     * Wraps the owner's ring anew, and then removes the objects in which it was wrapped before. Ended between the two,
     * the old password and the new one both open.
     */
    public void rewrap(KeyRing owner, Secret passphrase, Stretching stretching) {
        List<ObjectName> before = new ArrayList<>(owners(KEYS));
        before.addAll(owners(KEYS_COPY));
        wrap(owner, passphrase, stretching);
        before.forEach(store::delete);
    }

    private List<ObjectName> owners(String folder) {
        var names = new ArrayList<ObjectName>();
        store.list(folder + OWNER, info -> names.add(info.name()));
        return names;
    }

    /** The functions by which passwords of the owner are stretched, by the ids of the objects; of damaged ones none. */
    public SortedMap<String, Stretching> passwords(byte[] repository, Findings findings) {
        var found = new TreeMap<String, Stretching>();
        for (String folder : List.of(KEYS, KEYS_COPY)) {
            for (ObjectName name : owners(folder)) {
                try {
                    String id = name.text().substring((folder + OWNER).length());
                    found.putIfAbsent(id, WrappedKey.stretching(store.readAll(name), repository));
                } catch (DamageException damaged) {
                    findings.add(name, damaged);
                }
            }
        }
        return found;
    }

    /** Says that the administrator lets the holder of a ring sign. */
    public void certify(KeyRing admin, KeyRing signer, String name, Instant now) {
        Certificate certificate = Certificate.of(signer, now, name);
        byte[] object = certificate.encode(admin.repository(), admin.admin().requireSigning());
        put(certificate.name(KEYS_COPY), object);
        put(certificate.name(KEYS), object);
    }

    /** Says that the administrator lets a holder sign no more. */
    public void retire(KeyRing admin, Retirement retirement) {
        byte[] object = retirement.encode(admin.repository(), admin.admin().requireSigning());
        put(retirement.name(KEYS_COPY), object);
        put(retirement.name(KEYS), object);
    }

    private boolean put(ObjectName name, byte[] object) {
        return store.putIfAbsent(name, ObjectContent.of(object)) == PutOutcome.CREATED;
    }

    /** Reads the description, of which one copy may be damaged. */
    public FormatObject readFormat(Findings findings) {
        OptionalLong first = store.length(FORMAT);
        OptionalLong second = store.length(FORMAT_COPY);
        if (first.isEmpty() && second.isEmpty()) {
            throw ErrorCode.REPOSITORY_NOT_FOUND.because(store.location());
        }
        for (ObjectName name : List.of(FORMAT, FORMAT_COPY)) {
            try {
                return FormatObject.decode(store.readAll(name));
            } catch (DamageException damaged) {
                findings.add(name, damaged);
            }
        }
        throw ErrorCode.FORMAT_DAMAGED.because(store.location());
    }

    /** Opens the keys. */
    public KeyRing readKeys(FormatObject format, Credential credential, Findings findings) {
        return switch (credential) {
            case Credential.Password password -> unwrap(format, password.secret(), findings);
            case Credential.KeyFile file -> {
                KeyRing ring = KeyFile.read(file.secret());
                if (!java.util.Arrays.equals(ring.repository(), format.repository())) {
                    throw ErrorCode.WRONG_PASSWORD.because("the key file belongs to another repository");
                }
                yield ring;
            }
        };
    }

    /** Of several rings that a passphrase opens, as an interrupted rotation leaves them, the newest. */
    private KeyRing unwrap(FormatObject format, Secret passphrase, Findings findings) {
        BackupException wrong = null;
        KeyRing newest = null;
        var tried = new HashSet<String>();
        for (String folder : List.of(KEYS, KEYS_COPY)) {
            for (ObjectName name : owners(folder)) {
                String id = name.text().substring(folder.length());
                if (tried.contains(id)) {
                    continue;
                }
                try {
                    KeyRing ring = WrappedKey.unwrap(store.readAll(name), format.repository(), passphrase);
                    tried.add(id);
                    newest = newest == null || ring.generation() > newest.generation() ? ring : newest;
                } catch (DamageException damaged) {
                    findings.add(name, damaged);
                } catch (BackupException failure) {
                    // This copy is intact, so the other one of the same key would say the same.
                    tried.add(id);
                    wrong = failure;
                }
            }
        }
        if (newest != null) {
            return newest;
        }
        throw wrong != null ? wrong : ErrorCode.KEYS_DAMAGED.because(store.location());
    }
}
