package org.medbackup.engine.internal.commit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.log.Findings;

/** Whose signatures count, and for what: those that the administrator certified. Immutable. */
public final class Signers {

    private static final Pattern NAME = Pattern.compile("keys(\\.2)?/[a-z]+-[0-9a-f]{16}");

    private final Map<String, Certificate> certificates;
    private final Map<String, Retirement> retirements;

    private Signers(Map<String, Certificate> certificates, Map<String, Retirement> retirements) {
        this.certificates = Map.copyOf(certificates);
        this.retirements = Map.copyOf(retirements);
    }

    /** Nobody's signature counts. */
    static Signers none() {
        return new Signers(Map.of(), Map.of());
    }

    /** Reads all certificates; of a damaged one the second copy. */
    public static Signers read(ObjectStore store, KeyRing ring, Findings findings) {
        var certificates = new HashMap<String, Certificate>();
        var retirements = new HashMap<String, Retirement>();
        for (String folder : new String[] {"keys", "keys.2"}) {
            each(store, folder + "/signer-", findings, object -> {
                Certificate certificate = Certificate.decode(object, ring);
                certificates.put(text(certificate.key().ed25519()), certificate);
            });
            each(store, Retirement.prefix(folder), findings, object -> {
                Retirement retirement = Retirement.decode(object, ring);
                retirements.put(text(retirement.signer()), retirement);
            });
        }
        return new Signers(certificates, retirements);
    }

    private static void each(ObjectStore store, String prefix, Findings findings, Consumer<byte[]> reading) {
        var names = new ArrayList<ObjectName>();
        store.list(prefix, info -> {
            // What else lies there, as somebody's copy, is not ours.
            if (NAME.matcher(info.name().text()).matches()) {
                names.add(info.name());
            }
        });
        for (ObjectName name : names) {
            try {
                reading.accept(store.readAll(name));
            } catch (DamageException damaged) {
                findings.add(name, damaged);
            }
        }
    }

    private static String text(byte[] publicKey) {
        return HexFormat.of().formatHex(publicKey);
    }

    /** All certificates, the oldest first. */
    public List<Certificate> all() {
        return certificates.values().stream()
                .sorted(Comparator.comparing(Certificate::created).thenComparing(Certificate::id))
                .toList();
    }

    /** Whether a certificate has been revoked. */
    public boolean isRetired(Certificate certificate) {
        return retirements.containsKey(text(certificate.key().ed25519()));
    }

    /** Whether a restore point counts, whose signature holds: its signer is not retired, or it was there before. */
    public boolean keeps(byte[] signer, byte[] id, byte[] object) {
        Retirement retirement = retirements.get(text(signer));
        return retirement == null || retirement.keeps(id, object);
    }

    /** The certificate of a signer, where what it signs with this intent counts. */
    public Optional<Certificate> of(byte[] signer, KeyRole.Right right) {
        return Optional.ofNullable(certificates.get(text(signer))).filter(holder -> holder.allows(right));
    }

    /**
     * Whether a message is signed by somebody whose signature counts.
     *
     * @param signer first part of the signer's public key
     * @param right what the signer must be allowed to do
     */
    public boolean verify(byte[] signer, byte[] message, byte[] signature, KeyRole.Right right) {
        return of(signer, right)
                .filter(holder -> holder.key().verify(message, signature))
                .isPresent();
    }
}
