package org.medbackup.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.chunk.Compressor;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.HybridKem;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.pack.KeySlot;
import org.medbackup.engine.internal.pack.PackEntry;
import org.medbackup.engine.internal.pack.PackReader;
import org.medbackup.testkit.MemoryStore;

/** Opens all of a repository that a key ring opens, not by our commands but by trying every key on every object. */
final class Disclosure {

    private static final List<String> LABELS = List.of(
            "mb/ticket/v1",
            "mb/manifest/open/v1",
            "mb/root/v1",
            "mb/condemned/v1",
            "mb/verification/v1",
            "mb/footer/v1");

    private final MemoryStore store;
    private final KeyRing ring;
    private final byte[] repository;
    private final List<byte[]> encapsulations = new ArrayList<>();
    private final Map<String, List<byte[]>> plain = new TreeMap<>();

    private Disclosure(MemoryStore store, KeyRing ring) {
        this.store = store;
        this.ring = ring;
        this.repository = ring.repository();
    }

    static Disclosure of(MemoryStore store, KeyRing ring) {
        var disclosure = new Disclosure(store, ring);
        disclosure.run();
        return disclosure;
    }

    /** The kinds of objects that opened: a folder's name, with a word before it for what lies deeper inside. */
    Set<String> opened() {
        return new TreeSet<>(plain.keySet());
    }

    /** The kinds of objects in which a text stands, in clear or opened. */
    Set<String> find(String text) {
        var kinds = new TreeSet<String>();
        plain.forEach((kind, parts) -> {
            if (parts.stream().anyMatch(part -> new String(part, StandardCharsets.ISO_8859_1).contains(text))) {
                kinds.add(kind);
            }
        });
        for (ObjectName name : store.names("")) {
            if (new String(store.readAll(name), StandardCharsets.ISO_8859_1).contains(text)) {
                kinds.add("raw " + name);
            }
        }
        return kinds;
    }

    private void keep(String kind, byte[] bytes) {
        plain.computeIfAbsent(kind, absent -> new ArrayList<>()).add(bytes);
    }

    private void run() {
        for (ObjectName name : store.names("")) {
            String kind = name.text().contains("/")
                    ? name.text().substring(0, name.text().indexOf('/') + 1)
                    : "";
            switch (kind) {
                case "" -> keep("clear", store.readAll(name));
                case "d/", "m/", "r/" -> pack(kind, name);
                case "i/" -> segment(kind, store.readAll(name));
                case "s/", "c/" -> manifest(kind, name);
                default ->
                    sealed(kind, name, Envelope.unwrap(store.readAll(name)).body());
            }
        }
    }

    private void segment(String kind, byte[] object) {
        byte[] header = Arrays.copyOf(object, 128);
        byte[] key = Crypto.hkdf(ring.indexKey(), Arrays.copyOfRange(header, 24, 56), "mb/index/v1", repository);
        var target = new byte[object.length];
        try {
            int length = new SegmentCipher(key).open(0, header, object, 128, object.length - 128, target, 0);
            keep(kind, Arrays.copyOf(target, length));
        } catch (UnauthenticException closed) {
            throw new IllegalStateException("every role opens the index", closed);
        }
    }

    private void sealed(String kind, ObjectName name, byte[] sealed) {
        byte[] context = new ByteWriter().raw(repository).text(name.text()).toBytes();
        for (String label : LABELS) {
            attempt(ring.indexKey(), label, context, sealed).forEach(bytes -> keep(kind, bytes));
        }
    }

    private static List<byte[]> attempt(byte[] key, String label, byte[] context, byte[] sealed) {
        try {
            return List.of(SealedBytes.open(key, label, context, sealed));
        } catch (UnauthenticException closed) {
            return List.of();
        }
    }

    private void manifest(String kind, ObjectName name) {
        var in = new ByteReader(Envelope.unwrap(store.readAll(name)).body());
        byte[] id = java.util.HexFormat.of().parseHex(name.text().substring(2));
        byte[] context = new ByteWriter().raw(repository).raw(id).toBytes();
        byte[] open = in.bytes();
        byte[] named = in.bytes();
        attempt(ring.indexKey(), "mb/manifest/open/v1", context, open).forEach(bytes -> {
            keep(kind, bytes);
            encapsulations(bytes).forEach(encapsulations::add);
        });
        for (byte[] secret : secrets()) {
            attempt(secret, "mb/manifest/named/v1", context, named).forEach(bytes -> keep("named " + kind, bytes));
        }
    }

    private static List<byte[]> encapsulations(byte[] open) {
        var in = new ByteReader(open);
        var found = new ArrayList<byte[]>();
        while (!in.atEnd()) {
            long tag = in.varint();
            byte[] field = in.bytes();
            if (tag == 8) {
                found.add(field);
            }
        }
        return found;
    }

    /** Every opener of the ring on every encapsulation that was met. */
    private List<byte[]> secrets() {
        var secrets = new ArrayList<byte[]>();
        for (KeyDomain domain : ring.domains()) {
            domain.openedBy()
                    .ifPresent(opener ->
                            encapsulations.forEach(carried -> secrets.add(HybridKem.decapsulate(opener, carried))));
        }
        return secrets;
    }

    private void pack(String kind, ObjectName name) {
        var reader = new PackReader(store, repository, ring.indexKey());
        var directory = reader.describe(name).directory();
        keep(kind, new byte[0]);
        for (KeySlot slot : directory.slots()) {
            encapsulations.clear();
            encapsulations.add(slot.encapsulation());
            for (byte[] secret : secrets()) {
                slot.key(secret, repository)
                        .ifPresent(key -> directory.entries().forEach(entry -> record(kind, name, reader, entry, key)));
            }
        }
    }

    private void record(String kind, ObjectName name, PackReader reader, PackEntry entry, byte[] key) {
        KeyDomain any = ring.domains().stream()
                .filter(domain -> switch (kind) {
                    case "d/" -> domain.kind() == KeyDomain.Kind.DATA;
                    case "m/" -> domain.kind() == KeyDomain.Kind.META;
                    default -> domain.kind() == KeyDomain.Kind.REFERENCES;
                })
                .findFirst()
                .orElseThrow();
        byte[] record = reader.read(name, entry.offset(), entry.storedLength());
        try (var compressor = new Compressor(1)) {
            keep("record " + kind, reader.open(entry, List.of(key), any, record, 0, compressor));
        }
    }
}
