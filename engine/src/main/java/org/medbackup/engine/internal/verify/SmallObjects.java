package org.medbackup.engine.internal.verify;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.commit.Ticket;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.index.IndexRoot;
import org.medbackup.engine.internal.keys.FormatObject;

/** Looks at everything that is no pack: description, keys, tickets, slots, roots, segments, results. */
final class SmallObjects {

    private static final String FORMAT = "format";

    private final RepositoryCore core;
    private final ObjectStore store;
    private final Damages damages;
    private final LongAdder bytes;

    SmallObjects(RepositoryCore core, Damages damages, LongAdder bytes) {
        this.core = core;
        this.store = core.store();
        this.damages = damages;
        this.bytes = bytes;
    }

    /** Whether both copies of what stands twice are there. */
    void presence() {
        require(ObjectName.of(FORMAT));
        require(ObjectName.of(FORMAT + ".2"));
        twins("keys/", "keys.2/");
        twins(Slots.PREFIX, Slots.COPIES);
    }

    private void require(ObjectName name) {
        if (store.length(name).isEmpty()) {
            damages.add(name, ErrorCode.OBJECT_MISSING, "it is not at the target");
        }
    }

    private void twins(String one, String other) {
        for (ObjectInfo object : list(one)) {
            // A revoked slot has no copy.
            boolean revocation = one.equals(Slots.PREFIX) && object.length() <= 1024;
            if (!revocation) {
                require(ObjectName.of(other + object.name().text().substring(one.length())));
            }
        }
        if (one.equals("keys/")) {
            for (ObjectInfo object : list(other)) {
                require(ObjectName.of(one + object.name().text().substring(other.length())));
            }
        }
    }

    private List<ObjectInfo> list(String prefix) {
        var objects = new ArrayList<ObjectInfo>();
        store.list(prefix, objects::add);
        return objects;
    }

    /** Whether each is whole. */
    void structure() {
        for (String name : List.of(FORMAT, FORMAT + ".2")) {
            check(ObjectName.of(name), FormatObject::decode);
        }
        for (String prefix : List.of("keys/", "keys.2/", Slots.COPIES, "g/", "v/")) {
            each(prefix, object -> {
                if (!Envelope.isIntact(object)) {
                    throw ErrorCode.OBJECT_DAMAGED.because("its checksum does not hold");
                }
            });
        }
        for (ObjectInfo root : list(IndexRoot.PREFIX)) {
            check(root.name(), object -> IndexRoot.decode(object, root.name(), core.keys()));
        }
        for (ObjectInfo ticket : list(Ticket.PREFIX)) {
            check(ticket.name(), object -> Ticket.decode(object, ticket.name(), core.keys()));
        }
        list("i/").forEach(this::digest);
    }

    private void each(String prefix, Consumer<byte[]> look) {
        list(prefix).forEach(object -> check(object.name(), look));
    }

    private void check(ObjectName name, Consumer<byte[]> look) {
        try {
            byte[] object = store.readAll(name);
            bytes.add(object.length);
            look.accept(object);
        } catch (DamageException damaged) {
            damages.add(name, damaged);
        } catch (BackupException other) {
            if (other.code() != ErrorCode.REPOSITORY_TOO_NEW) {
                throw other;
            }
            // The checksum held, so it is no damage; a later version wrote it.
        }
    }

    /** A segment's name ends with its SHA-256. */
    private void digest(ObjectInfo segment) {
        MessageDigest digest = Crypto.sha256();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        for (long at = 0; at < segment.length(); at += buffer.position()) {
            buffer.clear();
            if (store.read(segment.name(), at, buffer) == 0) {
                break;
            }
            digest.update(buffer.array(), 0, buffer.position());
            bytes.add(buffer.position());
        }
        if (!segment.name().text().endsWith(HexFormat.of().formatHex(digest.digest()))) {
            damages.add(segment.name(), ErrorCode.OBJECT_DAMAGED, "its SHA-256 is not its name");
        }
    }
}
