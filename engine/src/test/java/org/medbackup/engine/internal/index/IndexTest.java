package org.medbackup.engine.internal.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.engine.internal.Mutations;
import org.medbackup.engine.internal.Rings;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.chunk.Codec;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.pack.FinishedPack;
import org.medbackup.engine.internal.pack.PackEntry;
import org.medbackup.engine.internal.pack.PackKind;
import org.medbackup.engine.internal.pack.SamplePack;
import org.medbackup.testkit.MemoryStore;
import org.medbackup.testkit.SeededEntropy;

/** The index of a repository with several writers, and what it does when parts of it are damaged. */
class IndexTest {

    @TempDir
    Path folder;

    private final MemoryStore store = new MemoryStore();
    private final SamplePack sample = new SamplePack(1, KeyDomain.Kind.DATA);
    private final SeededEntropy entropy = new SeededEntropy(2);
    private final SeededRandom random = SeededRandom.of(3);
    private Findings findings = Rings.findings();

    @BeforeEach
    void create() {
        IndexRoot first = IndexRoot.first();
        store.putIfAbsent(first.name(), ObjectContent.of(first.encode(Rings.OWNER, entropy)));
    }

    private Index open(String machine) {
        return open(machine, CondemnedPacks.none());
    }

    private Index open(String machine, CondemnedPacks condemned) {
        findings = Rings.findings();
        return Index.open(store, Rings.WRITER, entropy, folder.resolve(machine), condemned, findings);
    }

    /** Stores a pack of a few new chunks and publishes it. */
    private List<ChunkId> publish(Index index) {
        var chunks = new ArrayList<byte[]>();
        for (int i = 0; i < 5; i++) {
            chunks.add(random.bytes(50));
        }
        FinishedPack pack = sample.store(store, chunks);
        var builder = new SegmentBuilder();
        builder.add(sample.record(pack), pack.entries());
        index.publish(builder, () -> {});
        return chunks.stream().map(sample::name).toList();
    }

    /** Publishes a segment of several blocks; its pack is not stored. */
    private List<ChunkId> publishLarge(Index index) {
        var entries = new ArrayList<PackEntry>();
        for (int i = 0; i < 3000; i++) {
            entries.add(new PackEntry(ChunkId.of(random.bytes(32)), Codec.RAW, 0, 0, i, i, 0, 0));
        }
        var builder = new SegmentBuilder();
        builder.add(new PackRecord(random.bytes(32), PackKind.DATA, 1, 0, 3000, 1, random.bytes(16)), entries);
        index.publish(builder, () -> {});
        return entries.stream().map(PackEntry::id).toList();
    }

    private static void knows(Index index, List<ChunkId> ids) {
        assertThat(ids).allMatch(index::contains);
        assertThat(ids).allSatisfy(id -> assertThat(index.locate(id)).isNotEmpty());
    }

    private ObjectName newestRoot() {
        return store.names("root/").getLast();
    }

    @Test
    void whatIsPublishedIsFoundHereAndElsewhere() {
        Index here = open("here");
        List<ChunkId> ids = publish(here);

        knows(here, ids);
        knows(open("here"), ids);
        knows(open("there"), ids);
        assertThat(open("here").root().number()).isEqualTo(2);
        assertThat(here.contains(ChunkId.of(new byte[32]))).isFalse();
        assertThat(here.entries()).isEqualTo(5);
        assertThat(findings.all()).isEmpty();
    }

    @Test
    void publishingNothingMakesNoRoot() {
        open("here").publish(new SegmentBuilder(), () -> {});

        assertThat(store.names("root/")).hasSize(1);
    }

    @Test
    void ofTwoWritersWhoRaceForARootBothAreFound() {
        Index one = open("one");
        Index two = open("two");
        List<ChunkId> first = publish(one);
        List<ChunkId> second = publish(two);
        List<ChunkId> third = publish(one);

        Index later = open("three");
        knows(later, first);
        knows(later, second);
        knows(later, third);
        assertThat(later.root().number()).isEqualTo(4);
        assertThat(later.root().segments()).hasSize(3);
    }

    @Test
    void eightSegmentsBecomeOneAndNothingIsLost() {
        Index one = open("one");
        Index two = open("two");
        var all = new ArrayList<ChunkId>();
        for (int i = 0; i < 20; i++) {
            all.addAll(publish(i % 3 == 0 ? two : one));
        }

        Index later = open("three");
        knows(later, all);
        knows(one, all.subList(0, 5));
        assertThat(later.root().segments()).hasSizeLessThan(10);
        assertThat(later.root().segments()).anyMatch(name -> name.text().startsWith("i/1-"));
        assertThat(later.entries()).isEqualTo(all.size());
    }

    @Test
    void aDamagedRootFallsBackToTheDirectoriesOfThePacks() {
        Index index = open("one");
        List<ChunkId> ids = publish(index);
        ObjectName root = newestRoot();
        store.flip(root, 70);

        Index repaired = open("two");
        knows(repaired, ids);
        assertThat(repaired.isRepaired()).isTrue();
        assertThat(findings.all()).containsEntry(root, ErrorCode.OBJECT_DAMAGED);

        List<ChunkId> more = publish(repaired);
        Index later = open("three");
        knows(later, ids);
        knows(later, more);
        assertThat(later.isRepaired()).isFalse();
        assertThat(findings.all()).isEmpty();
    }

    @Test
    void aDamagedSegmentFallsBackToTheDirectoriesOfThePacks() {
        Index index = open("one");
        List<ChunkId> ids = new ArrayList<>(publish(index));
        ids.addAll(publish(index));
        ObjectName segment = store.names("i/").getFirst();
        store.flip(segment, 200);

        Index repaired = open("two");
        knows(repaired, ids);
        assertThat(findings.all()).containsEntry(segment, ErrorCode.OBJECT_DAMAGED);

        repaired.publish(new SegmentBuilder(), () -> {});
        Index later = open("three");
        knows(later, ids);
        assertThat(later.isRepaired()).isFalse();
        assertThat(later.root().segments()).doesNotContain(segment);
    }

    @Test
    void anIndexWithoutAnyRootIsRebuilt() {
        List<ChunkId> ids = publish(open("one"));
        store.names("root/").forEach(store::delete);

        Index repaired = open("two");

        knows(repaired, ids);
        assertThat(findings.all()).containsEntry(IndexRoot.name(1), ErrorCode.OBJECT_MISSING);
    }

    @Test
    void aRepairLosesNothingThatAnotherWriterPublishesMeanwhile() {
        Index index = open("one");
        List<ChunkId> ids = new ArrayList<>(publish(index));
        ids.addAll(publish(index));
        store.flip(store.names("i/").getFirst(), 200);
        Index repaired = open("two");

        List<ChunkId> meanwhile = publish(index);
        List<ChunkId> own = publish(repaired);

        Index later = open("three");
        knows(later, ids);
        knows(later, own);
        assertThat(later.root().segments()).hasSize(4);
        // Not from the packs, since nothing in the new root is damaged.
        assertThat(later.isRepaired()).isFalse();
        knows(later, meanwhile);
    }

    @Test
    void aPackWhoseDirectoriesAreBothDamagedIsNamedAndTheOthersAreFound() {
        Index index = open("one");
        List<ChunkId> lost = publish(index);
        List<ChunkId> ids = publish(index);
        ObjectName pack = index.locate(lost.getFirst()).getFirst().pack().name();
        store.flip(pack, 100);
        store.flip(pack, store.readAll(pack).length - 100);
        store.flip(newestRoot(), 70);

        Index repaired = open("two");

        knows(repaired, ids);
        assertThat(lost).noneMatch(repaired::contains);
        assertThat(findings.all()).containsEntry(pack, ErrorCode.OBJECT_DAMAGED);
    }

    @Test
    void whatIsNotOursBesideTheObjectsDoesNoHarm() {
        List<ChunkId> ids = publish(open("one"));
        ObjectName pack = store.names("d/").getFirst();
        store.overwrite(ObjectName.of(pack.text() + ".bak"), store.readAll(pack));
        store.overwrite(ObjectName.of(newestRoot().text() + ".bak"), store.readAll(newestRoot()));
        store.overwrite(ObjectName.of("root/readme"), new byte[] {1});

        knows(open("two"), ids);
        assertThat(findings.all()).isEmpty();

        store.flip(ObjectName.of("root/0000000000000002"), 70);
        Index repaired = open("three");
        knows(repaired, ids);
        repaired.publish(new SegmentBuilder(), () -> {});
        knows(open("four"), ids);
        assertThat(open("four").isRepaired()).isFalse();
    }

    private void damageCopies(String machine) throws IOException {
        try (var files = Files.list(folder.resolve(machine))) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length * 3 / 4] ^= 1;
                Files.write(file, bytes);
            }
        }
    }

    @Test
    void aDamagedLocalCopyIsFetchedAgain() throws IOException {
        List<ChunkId> ids = publish(open("one"));
        damageCopies("one");

        knows(open("one"), ids);
        assertThat(findings.all()).isEmpty();
    }

    @Test
    void aDamagedLocalCopyIsFetchedAgainWhenItIsMerged() throws IOException {
        var all = new ArrayList<ChunkId>();
        for (int i = 0; i < 7; i++) {
            all.addAll(publishLarge(open("one")));
        }
        damageCopies("one");

        all.addAll(publishLarge(open("one")));

        Index later = open("two");
        knows(later, all);
        assertThat(later.root().segments()).hasSize(1);
    }

    @Test
    void whatACollectorIsAboutToTakeCountsAsAbsentForAWriter() {
        Index index = open("one");
        List<ChunkId> going = publish(index);
        List<ChunkId> staying = publish(index);
        PackRecord pack = index.locate(going.getFirst()).getFirst().pack();
        ObjectName name = CondemnedPacks.name(1);
        byte[] list = CondemnedPacks.encode(List.of(pack.id()), name, Rings.OWNER, entropy);
        store.putIfAbsent(name, ObjectContent.of(list));

        CondemnedPacks condemned = CondemnedPacks.read(store, Rings.WRITER, findings);
        Index writer = open("two", condemned);

        assertThat(condemned.anyList()).isTrue();
        assertThat(condemned.contains(pack)).isTrue();
        assertThat(writer.condemned()).isSameAs(condemned);
        assertThat(going).noneMatch(writer::contains);
        assertThat(going).allSatisfy(id -> assertThat(writer.locate(id)).isNotEmpty());
        knows(writer, staying);
        assertThat(CondemnedPacks.read(new MemoryStore(), Rings.WRITER, findings)
                        .anyList())
                .isFalse();
    }

    @Test
    void packsAndTheirChunksAreVisited() {
        Index index = open("one");
        List<ChunkId> ids = publish(index);
        publish(index);
        Map<String, PackRecord> packs = new HashMap<>();
        index.eachPack(pack -> packs.put(HexFormat.of().formatHex(pack.id()), pack));

        assertThat(packs).hasSize(2);
        PackRecord pack = index.locate(ids.getFirst()).getFirst().pack();
        var found = new ArrayList<String>();
        index.eachChunkOf(pack, (id, length) -> found.add(HexFormat.of().formatHex(id)));
        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(
                        ids.stream().map(id -> id.toString().substring(0, 40)).toList());
    }

    private static final ObjectName SEGMENT = ObjectName.of("i/0-" + "ab".repeat(32));

    @Test
    void aRootThatNamesWhatIsNoSegmentIsRefused() {
        byte[] object = new IndexRoot(7, 2, List.of(ObjectName.of("format"))).encode(Rings.OWNER, entropy);

        assertThatExceptionOfType(DamageException.class)
                .isThrownBy(() -> IndexRoot.decode(object, IndexRoot.name(7), Rings.OWNER));
    }

    @Test
    void aRootOfAnotherNameOrKeyIsRefused() {
        byte[] object = new IndexRoot(7, 2, List.of(SEGMENT)).encode(Rings.OWNER, entropy);

        assertThat(IndexRoot.decode(object, IndexRoot.name(7), Rings.WRITER).segments())
                .containsExactly(SEGMENT);
        assertThatExceptionOfType(DamageException.class)
                .isThrownBy(() -> IndexRoot.decode(object, IndexRoot.name(8), Rings.OWNER));
        assertThatExceptionOfType(DamageException.class)
                .isThrownBy(() -> IndexRoot.decode(object, IndexRoot.name(7), Rings.STRANGER));
    }

    /** Puts other bytes into an object, sealed and summed as they should be. */
    private byte[] forged(Envelope.Kind kind, String label, ObjectName name, byte[] plain) {
        byte[] context =
                new ByteWriter().raw(Rings.OWNER.repository()).text(name.text()).toBytes();
        byte[] sealed = SealedBytes.seal(Rings.OWNER.indexKey(), label, context, plain, entropy);
        return Envelope.wrap(kind, Rings.OWNER.repository(), sealed);
    }

    @Test
    void rootsThatNobodyWroteAreReadOrRefused() {
        ObjectName name = IndexRoot.name(7);
        byte[] plain = new ByteWriter()
                .u64(7)
                .u64(2)
                .field(1, SEGMENT.text().getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .field(9, new byte[] {1})
                .field(1, ("i/1-" + "cd".repeat(32)).getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .toBytes();
        Mutations.areReadOrRefused(
                plain,
                1,
                bytes -> IndexRoot.decode(forged(Envelope.Kind.ROOT, "mb/root/v1", name, bytes), name, Rings.OWNER),
                DamageException.class);
    }

    @Test
    void condemnedListsThatNobodyWroteAreReadOrRefused() {
        ObjectName name = CondemnedPacks.name(7);
        Mutations.areReadOrRefused(
                new byte[96],
                1,
                bytes -> {
                    store.overwrite(name, forged(Envelope.Kind.CONDEMNED, "mb/condemned/v1", name, bytes));
                    CondemnedPacks.decode(store.readAll(name), name, Rings.OWNER);
                },
                DamageException.class);
    }
}
