package org.medbackup.engine.internal.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;
import org.medbackup.engine.internal.Mutations;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.chunk.Codec;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.pack.PackEntry;
import org.medbackup.engine.internal.pack.PackKind;

/** Segments in memory against a sorted map. */
class SegmentTest {

    static LongStream seeds() {
        return Seeds.of(5);
    }

    /** What a segment should know: of each id where it is. */
    private final Map<ChunkId, TreeSet<String>> model = new TreeMap<>();

    private static PackRecord pack(SeededRandom random, int entries) {
        return new PackRecord(
                random.bytes(32),
                random.pick(PackKind.values()),
                random.below(1 << 16),
                random.below(256),
                entries,
                random.below(1L << 40),
                random.bytes(16));
    }

    private static PackEntry entry(SeededRandom random, ChunkId id) {
        return new PackEntry(id, Codec.RAW, 0, 0, random.below(1L << 32), random.below(1 << 30), 0, 0);
    }

    private void add(SegmentBuilder builder, SeededRandom random, List<ChunkId> ids) {
        PackRecord pack = pack(random, ids.size());
        List<PackEntry> entries = ids.stream().map(id -> entry(random, id)).toList();
        builder.add(pack, entries);
        for (PackEntry entry : entries) {
            model.computeIfAbsent(entry.id(), absent -> new TreeSet<>())
                    .add(text(new Location(pack, entry.offset(), entry.storedLength())));
        }
    }

    private static String text(Location place) {
        return place.pack().name() + " " + place.pack().domain() + " "
                + place.pack().entries() + " "
                + place.pack().length() + " "
                + HexFormat.of().formatHex(place.pack().ticket()) + " " + place.offset()
                + " " + place.storedLength();
    }

    private static IndexSegment build(SegmentBuilder builder) {
        MemorySegment memory = MemorySegment.ofArray(new byte[(int) builder.length()]);
        builder.writeTo(memory);
        return new IndexSegment(memory);
    }

    private void holds(IndexSegment segment) {
        model.forEach((id, places) -> {
            var found = new ArrayList<String>();
            segment.locate(id, place -> found.add(text(place)));
            assertThat(found).containsExactlyInAnyOrderElementsOf(places);
            assertThat(segment.contains(id)).isTrue();
        });
    }

    private static List<ChunkId> ids(SeededRandom random, int count) {
        var ids = new ArrayList<ChunkId>();
        for (int i = 0; i < count; i++) {
            ids.add(ChunkId.of(random.bytes(32)));
        }
        return ids;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyPlaceOfEveryChunkIsFoundAndNothingElse(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        var builder = new SegmentBuilder();
        List<ChunkId> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            List<ChunkId> ids = ids(random, random.below(400));
            all.addAll(ids);
            ids.addAll(random.shuffled(all).subList(0, all.size() / 10));
            add(builder, random, ids);
        }
        int entries = builder.entries();
        assertThat(builder.packs()).hasSize(8);

        IndexSegment segment = build(builder);

        assertThat(builder.isEmpty()).isTrue();
        assertThat(segment.entries()).isEqualTo(entries);
        assertThat(segment.packs()).isEqualTo(8);
        holds(segment);
        assertThat(ids(random, 2000)).noneMatch(segment::contains);
    }

    @Test
    void idsThatAgreeInTheirFirstBytesAreToldApart() {
        SeededRandom random = SeededRandom.of(1);
        var ids = new ArrayList<ChunkId>();
        for (int shared : new int[] {3, 4, 7, 8, 12, 16, 18, 19}) {
            byte[] stem = random.bytes(32);
            for (int i = 0; i < 40; i++) {
                byte[] id = Arrays.copyOf(stem, 32);
                System.arraycopy(random.bytes(20 - shared), 0, id, shared, 20 - shared);
                ids.add(ChunkId.of(id));
            }
        }
        var builder = new SegmentBuilder();
        add(builder, random, random.shuffled(new TreeSet<>(ids)));

        holds(build(builder));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aMergedSegmentKnowsWhatItsSourcesKnew(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        var sources = new ArrayList<IndexSegment>();
        List<ChunkId> all = ids(random, 100);
        for (int i = 0; i < 5; i++) {
            var builder = new SegmentBuilder();
            List<ChunkId> ids = ids(random, random.below(300));
            ids.addAll(random.shuffled(all).subList(0, 50));
            add(builder, random, ids);
            sources.add(build(builder));
        }
        sources.add(build(new SegmentBuilder()));
        // The same segment twice, as after a race: its entries stand once in the merged one.
        sources.add(sources.getFirst());
        var merge = new SegmentMerge(sources);
        MemorySegment memory = MemorySegment.ofArray(new byte[(int) merge.longest()]);

        long length = merge.writeTo(memory);
        var merged = new IndexSegment(memory.asSlice(0, length));

        assertThat(merged.packs()).isEqualTo(5);
        assertThat(merged.entries())
                .isEqualTo(model.values().stream().mapToLong(TreeSet::size).sum());
        assertThat(merged.length()).isEqualTo(length);
        holds(merged);
    }

    @Test
    void theFilterHasNoFalseNoAndFewFalseYes() {
        SeededRandom random = SeededRandom.of(1);
        int count = 50_000;
        long blocks = BloomFilter.blocks(count);
        MemorySegment filter = MemorySegment.ofArray(new byte[(int) blocks * 64]);
        List<ChunkId> in = ids(random, count);
        in.forEach(id -> BloomFilter.add(filter.asSlice(64 * BloomFilter.block(blocks, id.word(0)), 64), id.word(8)));

        assertThat(in).allMatch(id -> mayContain(filter, blocks, id));
        long wrong = ids(random, count).stream()
                .filter(id -> mayContain(filter, blocks, id))
                .count();

        assertThat(wrong / (double) count).isLessThan(0.015);
        assertThat(blocks * 512.0 / count).isCloseTo(10, org.assertj.core.data.Offset.offset(0.1));
        assertThat(BloomFilter.block(0, 5)).isEqualTo(-1);
    }

    private static boolean mayContain(MemorySegment filter, long blocks, ChunkId id) {
        return BloomFilter.mayContain(filter.asSlice(64 * BloomFilter.block(blocks, id.word(0)), 64), id.word(8));
    }

    @Test
    void theChunksOfOnePackAreVisited() {
        SeededRandom random = SeededRandom.of(2);
        var builder = new SegmentBuilder();
        List<ChunkId> mine = ids(random, 50);
        add(builder, random, ids(random, 70));
        add(builder, random, mine);
        PackRecord pack = builder.packs().getLast();
        IndexSegment segment = build(builder);

        var visited = new TreeSet<String>();
        segment.eachChunkOf(pack, (id, length) -> visited.add(HexFormat.of().formatHex(id)));

        assertThat(visited)
                .containsExactlyInAnyOrderElementsOf(
                        mine.stream().map(id -> id.toString().substring(0, 40)).toList());
    }

    @Test
    void anEmptySegmentKnowsNothing() {
        IndexSegment empty = build(new SegmentBuilder());

        assertThat(empty.contains(ChunkId.of(new byte[32]))).isFalse();
        assertThat(empty.length()).isEqualTo(64);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void damagedSegmentsAreReadOrRefusedAsMalformed(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        var builder = new SegmentBuilder();
        List<ChunkId> ids = ids(random, 20);
        add(builder, random, ids);
        byte[] plain = build(builder).whole().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);

        Mutations.areReadOrRefused(
                plain,
                seed,
                bytes -> {
                    var segment = new IndexSegment(MemorySegment.ofArray(bytes));
                    ids.forEach(id ->
                            segment.locate(id, place -> assertThat(place.pack()).isNotNull()));
                },
                MalformedException.class);
    }

    @Test
    void aPackNumberThatThereIsNotIsMalformed() {
        IndexSegment empty = build(new SegmentBuilder());

        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> empty.pack(0));
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> empty.pack(-1));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aTableOfIdsIsASet(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        var table = new IdTable();
        var set = new java.util.HashSet<ChunkId>();
        List<ChunkId> ids = ids(random, 3000);
        for (int i = 0; i < 6000; i++) {
            ChunkId id = random.pick(ids);
            assertThat(table.contains(id)).isEqualTo(set.contains(id));
            assertThat(table.add(id)).isEqualTo(set.add(id));
        }

        assertThat(table.size()).isEqualTo(set.size());
        table.clear();
        assertThat(table.size()).isZero();
        assertThat(table.contains(ids.getFirst())).isFalse();
    }
}
