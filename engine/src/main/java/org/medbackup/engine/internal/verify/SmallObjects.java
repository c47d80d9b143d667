package org.medbackup.engine.internal.verify;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.commit.Certificate;
import org.medbackup.engine.internal.commit.CollectionRecord;
import org.medbackup.engine.internal.commit.Forgotten;
import org.medbackup.engine.internal.commit.Signers;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.commit.Ticket;
import org.medbackup.engine.internal.commit.VerificationRecord;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.index.CondemnedPacks;
import org.medbackup.engine.internal.index.IndexRoot;
import org.medbackup.engine.internal.keys.FormatObject;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.place.PlacementClass;
import org.medbackup.engine.internal.retain.AccessRecord;
import org.medbackup.engine.internal.retain.HoldRecord;
import org.medbackup.engine.internal.retain.SuspicionRecord;

/** Looks at everything that is no pack: description, keys, tickets, slots, roots, segments, results. */
final class SmallObjects {

    private static final String FORMAT = "format";
    private static final Pattern TICKET = Pattern.compile("t/[0-9a-f]{32}-[0-9]+");

    private final RepositoryCore core;
    private final ObjectStore store;
    private final Damages damages;
    private final LongAdder bytes;
    private final Signers signers;

    SmallObjects(RepositoryCore core, Damages damages, LongAdder bytes) {
        this.core = core;
        this.store = core.store();
        this.damages = damages;
        this.bytes = bytes;
        // Damaged certificates are found where they are looked at.
        this.signers = Signers.read(store, core.keys(), new Findings(OperationLog.silent()));
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
        Pattern ours = one.equals("keys/") ? isOurs(one) : isOurs(Slots.COPIES);
        for (ObjectInfo object : list(one)) {
            if (!ours.matcher(object.name().text().substring(one.length())).matches()) {
                continue;
            }
            // A revoked slot has no copy.
            boolean revocation = one.equals(Slots.PREFIX) && object.length() <= 1024;
            if (!revocation) {
                require(ObjectName.of(other + object.name().text().substring(one.length())));
            }
        }
        if (one.equals("keys/")) {
            for (ObjectInfo object : list(other)) {
                if (!ours.matcher(object.name().text().substring(other.length()))
                        .matches()) {
                    continue;
                }
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
        for (String prefix : List.of(
                "keys/",
                "keys.2/",
                Slots.COPIES,
                CondemnedPacks.PREFIX,
                CollectionRecord.PREFIX,
                Forgotten.PREFIX,
                VerificationRecord.PREFIX,
                PlacementClass.PREFIX,
                HoldRecord.PREFIX,
                AccessRecord.PREFIX,
                SuspicionRecord.PREFIX)) {
            each(prefix, isOurs(prefix), this::look);
        }
        for (ObjectInfo root : list(IndexRoot.PREFIX)) {
            if (!IndexRoot.isName(root.name())) {
                continue;
            }
            check(root.name(), object -> IndexRoot.decode(object, root.name(), core.keys()));
        }
        for (ObjectInfo ticket : list(Ticket.PREFIX)) {
            if (!TICKET.matcher(ticket.name().text()).matches()) {
                continue;
            }
            check(ticket.name(), object -> Ticket.decode(object, ticket.name(), core.keys()));
        }
        list("i/").stream()
                .filter(segment -> IndexRoot.isSegment(segment.name().text()))
                .forEach(this::digest);
    }

    /** What lies below a prefix under another name, as somebody's copy, is not ours. */
    private static Pattern isOurs(String prefix) {
        return switch (prefix) {
            case Slots.COPIES, Slots.FENCES -> Pattern.compile("[0-9a-f]{32}");
            case PlacementClass.PREFIX -> Pattern.compile("[0-9a-f]{2}");
            case CondemnedPacks.PREFIX -> Pattern.compile("[0-9a-f]{16}");
            case CollectionRecord.PREFIX -> Pattern.compile("[0-9a-f]{16}-[ad]-[0-9a-f]{16}");
            case Forgotten.PREFIX, VerificationRecord.PREFIX, HoldRecord.PREFIX, SuspicionRecord.PREFIX ->
                Pattern.compile("[0-9a-f]{12}-[0-9a-f]{8}");
            case AccessRecord.PREFIX -> AccessRecord.NAME;
            default -> Pattern.compile("[a-z]+-[0-9a-f]{16}");
        };
    }

    private void each(String prefix, Pattern ours, BiConsumer<ObjectName, byte[]> look) {
        list(prefix).stream()
                .map(ObjectInfo::name)
                .filter(name ->
                        ours.matcher(name.text().substring(prefix.length())).matches())
                .forEach(name -> check(name, object -> look.accept(name, object)));
    }

    private void look(ObjectName name, byte[] object) {
        if (!Envelope.isIntact(object)) {
            throw ErrorCode.OBJECT_DAMAGED.because("its checksum does not hold");
        }
        String text = name.text();
        if (text.contains("/signer-")) {
            String folder = text.substring(0, text.indexOf('/'));
            if (!Certificate.decode(object, core.keys()).name(folder).equals(name)) {
                throw ErrorCode.OBJECT_DAMAGED.because("it is the certificate of another key");
            }
        } else if (text.contains("/owner-")) {
            Envelope.unwrap(Envelope.Kind.KEY, core.keys().repository(), object);
        } else if (text.startsWith(Slots.COPIES)) {
            copy(Slots.slot(text.substring(Slots.COPIES.length())), object);
        } else if (text.startsWith(CondemnedPacks.PREFIX)) {
            CondemnedPacks.decode(object, name, core.keys());
        } else if (text.startsWith(VerificationRecord.PREFIX)) {
            VerificationRecord.decode(object, name, core.keys(), signers);
        } else if (text.startsWith(HoldRecord.PREFIX)) {
            HoldRecord.verified(object, name, core.keys());
        } else if (text.startsWith(AccessRecord.PREFIX)) {
            AccessRecord.verified(object, name, core.keys());
        } else if (text.startsWith(SuspicionRecord.PREFIX)) {
            SuspicionRecord.verified(object, name, core.keys(), signers);
        }
    }

    /** A copy must be that of its slot, where that holds a whole manifest; what a slot holds itself is looked at later. */
    private void copy(ObjectName slot, byte[] copy) {
        OptionalLong length = store.length(slot);
        if (length.isPresent() && length.getAsLong() > Slots.LONGEST_REVOCATION) {
            byte[] object = store.readAll(slot);
            bytes.add(object.length);
            if (Envelope.isIntact(object) && !java.util.Arrays.equals(object, copy)) {
                throw ErrorCode.OBJECT_DAMAGED.because("it is not the copy of its slot");
            }
        }
    }

    private void check(ObjectName name, Consumer<byte[]> look) {
        try {
            byte[] object = store.readAll(name);
            bytes.add(object.length);
            look.accept(object);
        } catch (DamageException damaged) {
            if (damaged.code() != ErrorCode.OBJECT_MISSING) {
                damages.add(name, damaged);
            }
            // It was listed a moment ago: a collector has tidied it away since. What must be there is asked for apart.
        } catch (BackupException other) {
            if (other.code() != ErrorCode.REPOSITORY_TOO_NEW) {
                throw other;
            }
            // The checksum held, so it is no damage; a later version wrote it.
        }
    }

    /** A segment's name ends with its SHA-256. */
    private void digest(ObjectInfo segment) {
        try {
            readAndCompare(segment);
        } catch (DamageException gone) {
            if (gone.code() != ErrorCode.OBJECT_MISSING) {
                damages.add(segment.name(), gone);
            }
        }
    }

    private void readAndCompare(ObjectInfo segment) {
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
