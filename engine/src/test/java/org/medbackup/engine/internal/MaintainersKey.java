package org.medbackup.engine.internal;

import java.util.HashMap;
import java.util.Map;
import org.medbackup.core.Secret;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.Credential;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.keys.KeyFile;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.open.RepositoryFiles;
import org.medbackup.testkit.SeededEntropy;

/** A key that opens the domain of references and no other. */
public final class MaintainersKey {

    private static final int BEFORE_FIELDS = 1 + 16 + 3 * 32;
    private static final int TAG_DOMAIN = 1;

    private MaintainersKey() {}

    /** The key file, put together from the owner's keys. */
    public static Secret file(ObjectStore store, Secret password) {
        var files = new RepositoryFiles(store, new SeededEntropy(5));
        var findings = Rings.findings();
        KeyRing owner = files.readKeys(files.readFormat(findings), new Credential.Password(password), findings);
        byte[] openers = domains(owner).get(KeyDomain.Kind.REFERENCES.code());
        byte[] writer = owner.forWriter(new SeededEntropy(6)).encode();
        var in = new ByteReader(writer);
        var out = new ByteWriter().raw(in.raw(BEFORE_FIELDS));
        while (!in.atEnd()) {
            int tag = (int) in.varint();
            byte[] value = in.bytes();
            boolean references = tag == TAG_DOMAIN && value[2] == KeyDomain.Kind.REFERENCES.code();
            out.field(tag, references && openers != null ? openers : value);
        }
        return KeyFile.write(KeyRing.decode(out.toBytes()));
    }

    private static Map<Integer, byte[]> domains(KeyRing ring) {
        var in = new ByteReader(ring.encode());
        in.skip(BEFORE_FIELDS);
        Map<Integer, byte[]> domains = new HashMap<>();
        while (!in.atEnd()) {
            long tag = in.varint();
            byte[] value = in.bytes();
            if (tag == TAG_DOMAIN) {
                domains.put((int) value[2], value);
            }
        }
        return domains;
    }
}
