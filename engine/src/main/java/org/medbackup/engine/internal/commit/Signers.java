package org.medbackup.engine.internal.commit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.log.Findings;

/** The keys that may sign restore points: those that the administrator certified. Immutable. */
public final class Signers {

    private final Set<String> keys;
    private final Set<String> collectors;

    private Signers(Set<String> keys, Set<String> collectors) {
        this.keys = Set.copyOf(keys);
        this.collectors = Set.copyOf(collectors);
    }

    /** Reads all certificates; of a damaged one the second copy. */
    public static Signers read(ObjectStore store, KeyRing ring, Findings findings) {
        var keys = new HashSet<String>();
        var collectors = new HashSet<String>();
        for (String folder : new String[] {"keys", "keys.2"}) {
            var names = new ArrayList<ObjectName>();
            store.list(folder + "/signer-", info -> names.add(info.name()));
            for (ObjectName name : names) {
                try {
                    Certificate certificate = Certificate.decode(store.readAll(name), ring);
                    String key = HexFormat.of().formatHex(certificate.publicKey());
                    keys.add(key);
                    if (certificate.mayCollect()) {
                        collectors.add(key);
                    }
                } catch (DamageException damaged) {
                    findings.add(name, damaged);
                }
            }
        }
        return new Signers(keys, collectors);
    }

    /** Whether a key may sign. */
    public boolean maySign(byte[] publicKey) {
        return keys.contains(HexFormat.of().formatHex(publicKey));
    }

    /** Whether what a key signs about a collection is to be believed. */
    public boolean mayCollect(byte[] publicKey) {
        return collectors.contains(HexFormat.of().formatHex(publicKey));
    }
}
