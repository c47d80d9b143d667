package org.medbackup.engine.internal.keys;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.HybridKem;
import org.medbackup.engine.internal.crypto.MlDsa;
import org.medbackup.engine.internal.crypto.SigningKey;
import org.medbackup.engine.internal.crypto.VerifyingKey;

/** The bytes of a key ring. */
final class KeyRingCodec {

    private static final int TAG_DOMAIN = 1;
    private static final int TAG_SIGNER = 2;
    private static final int TAG_ADMIN = 3;
    private static final int TAG_ID_KEY = 4;
    private static final int TAG_SIGNER_ML_DSA = 5;
    private static final int TAG_ADMIN_ML_DSA = 6;

    private KeyRingCodec() {}

    static byte[] encode(KeyRing ring) {
        var out = new ByteWriter(8192);
        out.u8(ring.role().code()).raw(ring.repository()).raw(ring.indexKey());
        out.raw(orZeros(ring.dedupKey())).raw(orZeros(ring.chunkerKey()));
        boolean derives = ring.dedupKey().length > 0;
        for (KeyDomain domain : ring.domains()) {
            var field = new ByteWriter(1400);
            field.u16(domain.id()).u8(domain.kind().code()).text(domain.name());
            field.raw(domain.recipient().x25519()).raw(domain.recipient().mlKem());
            domain.openedBy().ifPresent(opener -> field.raw(opener.x25519()).raw(opener.mlKemSeed()));
            out.field(TAG_DOMAIN, field);
            if (!derives) {
                out.field(TAG_ID_KEY, new ByteWriter().u16(domain.id()).raw(domain.idKey()));
            }
        }
        SigningKey signer = ring.signer();
        out.field(TAG_SIGNER, signer.ed25519Seed());
        out.field(TAG_ADMIN, admin(ring.admin()));
        byte[] signerSeed = signer.mlDsaSeed();
        byte[] adminPublic = ring.admin().verifying().mlDsa();
        if (signerSeed != null && adminPublic != null) {
            out.field(TAG_SIGNER_ML_DSA, signerSeed);
            out.field(TAG_ADMIN_ML_DSA, adminMlDsa(adminPublic, ring.admin().secret()));
        }
        return out.toBytes();
    }

    private static byte[] orZeros(byte[] key) {
        return key.length == 0 ? new byte[Crypto.KEY] : key;
    }

    private static ByteWriter admin(AdminKey admin) {
        var field = new ByteWriter().raw(admin.verifying().ed25519());
        admin.signing().ifPresent(secret -> field.raw(secret.ed25519Seed()));
        return field;
    }

    private static ByteWriter adminMlDsa(byte[] verifying, @Nullable SigningKey secret) {
        var field = new ByteWriter().raw(verifying);
        byte[] seed = secret == null ? null : secret.mlDsaSeed();
        return seed == null ? field : field.raw(seed);
    }

    static KeyRing decode(byte[] bytes) {
        var in = new ByteReader(bytes);
        KeyRole role = KeyRole.of(in.u8()).orElseThrow(() -> new MalformedException("the role of a key is not known"));
        byte[] repository = in.raw(16);
        byte[] index = in.raw(Crypto.KEY);
        byte[] dedup = in.raw(Crypto.KEY);
        byte[] chunker = in.raw(Crypto.KEY);
        var fields = new Fields();
        while (!in.atEnd()) {
            fields.take(in.varint(), in.nested());
        }
        boolean derives = role.may(KeyRole.Right.BACK_UP);
        var domains = new ArrayList<KeyDomain>();
        for (ByteReader field : fields.domains) {
            domains.add(domain(field, repository, dedup, chunker, derives ? null : fields.idKeys));
        }
        return new KeyRing(
                role,
                repository,
                index,
                derives ? dedup : KeyRing.ABSENT,
                derives ? chunker : KeyRing.ABSENT,
                domains,
                fields.signer(),
                fields.admin());
    }

    private static KeyDomain domain(
            ByteReader field, byte[] repository, byte[] dedup, byte[] chunker, @Nullable Map<Integer, byte[]> idKeys) {
        int id = field.u16();
        KeyDomain.Kind kind = KeyDomain.Kind.of(field.u8());
        String name = field.text();
        var recipient = new HybridKem.Recipient(field.raw(Crypto.KEY), field.raw(1184));
        var opener = field.atEnd() ? null : new HybridKem.Opener(field.raw(Crypto.KEY), field.raw(64));
        if (idKeys == null) {
            return KeyDomain.derive(repository, dedup, chunker, id, name, kind, recipient, opener);
        }
        byte[] idKey = idKeys.get(id);
        if (idKey == null) {
            throw incomplete();
        }
        return new KeyDomain(id, name, kind, recipient, opener, idKey, KeyRing.ABSENT, 0);
    }

    private static MalformedException incomplete() {
        return new MalformedException("a key is incomplete");
    }

    /** The tagged fields; those of a later version are passed over. */
    private static final class Fields {
        private final List<ByteReader> domains = new ArrayList<>();
        private final Map<Integer, byte[]> idKeys = new HashMap<>();
        private byte @Nullable [] signer;
        private byte @Nullable [] signerMlDsa;
        private byte @Nullable [] adminPublic;
        private byte @Nullable [] adminSeed;
        private byte @Nullable [] adminMlDsaPublic;
        private byte @Nullable [] adminMlDsaSeed;

        void take(long tag, ByteReader field) {
            if (tag == TAG_DOMAIN) {
                domains.add(field);
            } else if (tag == TAG_SIGNER) {
                signer = field.raw(Crypto.KEY);
            } else if (tag == TAG_ADMIN) {
                adminPublic = field.raw(Crypto.KEY);
                adminSeed = field.atEnd() ? null : field.raw(Crypto.KEY);
            } else if (tag == TAG_ID_KEY) {
                idKeys.put(field.u16(), field.raw(Crypto.KEY));
            } else if (tag == TAG_SIGNER_ML_DSA) {
                signerMlDsa = field.raw(Crypto.KEY);
            } else if (tag == TAG_ADMIN_ML_DSA) {
                adminMlDsaPublic = field.raw(MlDsa.PUBLIC);
                adminMlDsaSeed = field.atEnd() ? null : field.raw(Crypto.KEY);
            }
        }

        SigningKey signer() {
            if (signer == null) {
                throw incomplete();
            }
            return new SigningKey(signer, signerMlDsa);
        }

        AdminKey admin() {
            if (adminPublic == null) {
                throw incomplete();
            }
            return new AdminKey(
                    new VerifyingKey(adminPublic, adminMlDsaPublic),
                    adminSeed == null ? null : new SigningKey(adminSeed, adminMlDsaSeed));
        }
    }
}
