package org.medbackup.engine.internal.commit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.log.Findings;

/** Whose signatures count, and for what: those that the administrator certified. Immutable. */
public final class Signers {

    private final Map<String, Certificate> certificates;

    private Signers(Map<String, Certificate> certificates) {
        this.certificates = Map.copyOf(certificates);
    }

    /** Reads all certificates; of a damaged one the second copy. */
    public static Signers read(ObjectStore store, KeyRing ring, Findings findings) {
        var certificates = new HashMap<String, Certificate>();
        for (String folder : new String[] {"keys", "keys.2"}) {
            var names = new ArrayList<ObjectName>();
            store.list(folder + "/signer-", info -> names.add(info.name()));
            for (ObjectName name : names) {
                try {
                    Certificate certificate = Certificate.decode(store.readAll(name), ring);
                    certificates.put(text(certificate.key().ed25519()), certificate);
                } catch (DamageException damaged) {
                    findings.add(name, damaged);
                }
            }
        }
        return new Signers(certificates);
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
