package org.medbackup.engine.internal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.engine.internal.commit.Certificate;
import org.medbackup.engine.internal.commit.Signers;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.testkit.MemoryStore;
import org.medbackup.testkit.SeededEntropy;

/** The keys of one repository, of the other roles, and of another repository. */
public final class Rings {

    /** Everybody who may do everything. */
    public static final KeyRing OWNER = KeyRing.create(id("one"), new SeededEntropy(1));

    /** Seals and reads nothing. */
    public static final KeyRing WRITER = OWNER.forWriter(new SeededEntropy(2));

    /** Verifies and collects, and reads neither names nor data. */
    public static final KeyRing MAINTAINER = OWNER.forMaintainer(new SeededEntropy(5));

    /** Reads and backs up nothing. */
    public static final KeyRing READER = OWNER.forReader(new SeededEntropy(6));

    /** Has the keys of a writer, and no certificate. */
    public static final KeyRing UNCERTIFIED = OWNER.forWriter(new SeededEntropy(3));

    /** Of another repository. */
    public static final KeyRing STRANGER = KeyRing.create(id("other"), new SeededEntropy(4));

    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");

    private Rings() {}

    private static byte[] id(String name) {
        return Arrays.copyOf(Crypto.sha256(name.getBytes(StandardCharsets.UTF_8)), 16);
    }

    /** A store that holds the certificates of every role. */
    public static MemoryStore certified() {
        var store = new MemoryStore();
        for (KeyRing ring : new KeyRing[] {OWNER, WRITER, MAINTAINER, READER}) {
            Certificate certificate = Certificate.of(ring, THEN, ring.role() + "");
            byte[] object = certificate.encode(OWNER.repository(), OWNER.admin().requireSigning());
            store.putIfAbsent(certificate.name("keys"), ObjectContent.of(object));
            store.putIfAbsent(certificate.name("keys.2"), ObjectContent.of(object));
        }
        return store;
    }

    /** Those who may sign. */
    public static Signers signers() {
        return Signers.read(certified(), OWNER, findings());
    }

    /** Takes what was damaged, and tells nobody. */
    public static Findings findings() {
        return new Findings(OperationLog.silent());
    }
}
