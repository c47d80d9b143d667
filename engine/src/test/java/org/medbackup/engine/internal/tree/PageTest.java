package org.medbackup.engine.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.PathBytes;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;
import org.medbackup.engine.internal.Mutations;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.linux.FileTime;
import org.medbackup.linux.FileType;

/** Pages, extents and attributes as bytes. */
class PageTest {

    static LongStream seeds() {
        return Seeds.of(10);
    }

    private static FileTime time(SeededRandom random) {
        return new FileTime(random.between(-10_000_000_000L, 10_000_000_000L), random.below(1_000_000_000));
    }

    private static Attributes attributes(SeededRandom random) {
        var extended = new TreeMap<String, byte[]>();
        for (int i = random.below(4); i > 0; i--) {
            extended.put("user." + random.digits(3), random.bytes(random.below(50)));
        }
        boolean linked = random.nextBoolean();
        return new Attributes(
                random.below(010000),
                random.nextInt(),
                random.below(70_000),
                random.nextBoolean() ? "" : random.text(8),
                random.nextBoolean() ? "" : "postgres",
                time(random),
                time(random),
                random.nextBoolean() ? new FileTime(0, 0) : time(random),
                random.nextLong(),
                linked ? random.between(2, 1000) : 1,
                linked ? random.nextLong() : 0,
                random.nextBoolean() ? 0 : random.nextLong(),
                random.nextBoolean() ? 0 : random.nextInt(),
                random.nextBoolean() ? new byte[0] : random.bytes(20),
                extended);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void attributesComeBack(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        for (int i = 0; i < 50; i++) {
            Attributes before = attributes(random);
            byte[] encoded = before.encode();
            Attributes after = Attributes.decode(encoded);

            assertThat(after.encode()).isEqualTo(encoded);
            assertThat(after.uid()).isEqualTo(before.uid());
            assertThat(after.user()).isEqualTo(before.user());
            assertThat(after.modified()).isEqualTo(before.modified());
            assertThat(after.born()).isEqualTo(before.born());
            assertThat(after.links()).isEqualTo(before.links());
            assertThat(after.device()).isEqualTo(before.device());
            assertThat(after.special()).isEqualTo(before.special());
            assertThat(after.flags()).isEqualTo(before.flags());
            assertThat(after.symlink()).isEqualTo(before.symlink());
            assertThat(after.extended().keySet()).isEqualTo(before.extended().keySet());
        }
    }

    @Test
    void anAttributeOfALaterVersionIsPassedOver() {
        byte[] encoded = attributes(SeededRandom.of(1)).encode();
        byte[] later =
                new ByteWriter().raw(encoded).field(99, new byte[] {1, 2, 3}).toBytes();

        assertThat(Attributes.decode(later).encode()).isEqualTo(encoded);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void damagedAttributesAreReadOrRefusedAsMalformed(long seed) {
        byte[] encoded = attributes(SeededRandom.of(seed)).encode();

        Mutations.areReadOrRefused(encoded, seed, Attributes::decode, MalformedException.class);
    }

    private static List<Extent> extents(SeededRandom random, int count) {
        var extents = new ArrayList<Extent>();
        List<ChunkId> chunks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            chunks.add(ChunkId.of(random.bytes(32)));
        }
        long at = 0;
        for (int i = 0; i < count; i++) {
            at += random.below(3) * 4096L;
            long length = random.between(1, 100_000);
            extents.add(new Extent(at, length, random.pick(chunks), random.below(1 << 20)));
            at += length;
        }
        return extents;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void extentsComeBackAndEachChunkIsNamedOnce(long seed) {
        List<Extent> extents = extents(SeededRandom.of(seed), 40);
        var table = new ChunkTable();
        var body = new ByteWriter();
        table.encode(extents, body);
        var page = new ByteWriter().u8(Page.EXTENTS);
        table.encode(page);
        byte[] bytes = page.raw(body.toBytes()).toBytes();

        assertThat(table.ids()).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(5);
        assertThat(Page.decode(bytes)).isEqualTo(new Page.Extents(extents));
        Mutations.areReadOrRefused(bytes, seed, PageTest::sane, MalformedException.class);
    }

    /** What was read must be possible: extents ascend and lie within numbers. */
    private static void sane(byte[] bytes) {
        if (Page.decode(bytes) instanceof Page.Extents page) {
            long end = 0;
            for (Extent extent : page.extents()) {
                assertThat(extent.fileOffset()).isGreaterThanOrEqualTo(end);
                assertThat(extent.length()).isPositive();
                assertThat(extent.chunkOffset() + extent.length()).isPositive();
                end = extent.end();
            }
        }
    }

    @Test
    void anExtentThatWrapsAroundIsMalformed() {
        for (long[] wrong : new long[][] {
            {-1, 1, 0}, {0, 0, 0}, {0, -5, 0}, {0, 5, -1}, {0, 5, Long.MAX_VALUE}, {Long.MAX_VALUE, 5, 0}
        }) {
            var page = new ByteWriter().u8(Page.EXTENTS).varint(1).raw(new byte[32]);
            byte[] bytes = page.varint(1)
                    .varint(wrong[0])
                    .varint(wrong[1])
                    .varint(0)
                    .varint(wrong[2])
                    .toBytes();

            assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> Page.decode(bytes));
        }
    }

    private static byte[] leaf(SeededRandom random) {
        var pages = new MemoryPages();
        var builder = new TreeBuilder(pages, new byte[32]);
        for (int i = 10; i < 30; i++) {
            PathBytes path = PathBytes.of("folder/file-" + i);
            Content content = random.oneIn(4)
                    ? new Content.Paged(2, List.of(ChunkId.of(random.bytes(32))))
                    : new Content.Inline(extents(random, random.below(4)));
            byte[] attributes = attributes(random).encode();
            builder.add(new Node(path, NodeType.FILE, false, 1L << 40, 7, attributes, content), List.of());
        }
        builder.finish();
        return Collections.max(pages.pages.values(), (a, b) -> Integer.compare(a.length, b.length));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void damagedLeavesAreReadOrRefusedAsMalformed(long seed) {
        Mutations.areReadOrRefused(leaf(SeededRandom.of(seed)), seed, Page::decode, MalformedException.class);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void damagedInnerPagesAreReadOrRefusedAsMalformed(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        var page = new ByteWriter().u8(Page.INNER).varint(1).varint(8);
        for (int i = 0; i < 8; i++) {
            page.raw(random.bytes(32));
        }
        page.varint(8);
        byte[] before = new byte[0];
        for (int i = 0; i < 8; i++) {
            byte[] path = ("folder/" + i + random.digits(4)).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            Page.writePath(page, before, path);
            page.varint(i).varint(1000).varint(900).varint(random.below(1L << 40));
            before = path;
        }

        assertThat(Page.decode(page.toBytes()))
                .isInstanceOfSatisfying(
                        Page.Inner.class, inner -> assertThat(inner.children()).hasSize(8));
        Mutations.areReadOrRefused(page.toBytes(), seed, Page::decode, MalformedException.class);
    }

    @Test
    void aPageOfUnknownKindOrWithMoreBehindItIsMalformed() {
        for (byte[] bytes : new byte[][] {{}, {0}, {5, 0, 0}, {Page.LEAF, 0, 0, 0}, {Page.EXTENT_PAGES, 17, 0}}) {
            assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> Page.decode(bytes));
        }
        assertThat(Page.decode(new byte[] {Page.EXTENT_PAGES, 16, 0})).isEqualTo(new Page.ExtentPages(16, List.of()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aReferencePageIsSortedAndComesBack(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        List<ChunkId> chunks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            chunks.add(ChunkId.of(random.bytes(32)));
        }
        chunks.add(chunks.getFirst());
        var page = new ReferencePage(ChunkId.of(random.bytes(32)), chunks, chunks.subList(0, 3));

        assertThat(page.chunks()).isSorted().hasSize(20);
        assertThat(ReferencePage.decode(page.encode())).isEqualTo(page);
        assertThat(new ReferencePage(page.page(), random.shuffled(chunks), page.children()).encode())
                .isEqualTo(page.encode());
        Mutations.areReadOrRefused(page.encode(), seed, ReferencePage::decode, MalformedException.class);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(NodeType.class)
    void aTypeHasItsNumberAndItsNameInTheOperatingSystem(NodeType type) {
        assertThat(NodeType.of(type.code())).isEqualTo(type);
        assertThat(NodeType.of(type.fileType())).isEqualTo(type);
    }

    @Test
    void thereAreNoOtherTypes() {
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> NodeType.of(0));
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> NodeType.of(8));
        assertThatIllegalArgumentException().isThrownBy(() -> NodeType.of(FileType.UNKNOWN));
    }

    @Test
    void sumsAdd() {
        var one = new Sums(1, 2, 3);
        var out = new ByteWriter();
        one.plus(new Sums(10, 20, 1L << 50)).encode(out);

        assertThat(Sums.decode(new ByteReader(out.toBytes()))).isEqualTo(new Sums(11, 22, (1L << 50) + 3));
    }

    @Test
    void aPageWhosePathsWouldFillTheMemoryIsRefused() {
        // One path of 100,000 bytes, and 30,000 that share all of it: 130 KB that would become 3 GB.
        int count = 30_000;
        var page = new ByteWriter().u8(Page.LEAF).varint(0).varint(count);
        page.varint(0).bytes(new byte[100_000]).u8(2).bytes(new byte[0]);
        for (int i = 1; i < count; i++) {
            page.varint(100_000).varint(0).u8(2).varint(0);
        }

        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> Page.decode(page.toBytes()))
                .withMessageContaining("paths");
    }

    @Test
    void aPageThatIsTooLongIsRefusedBeforeItIsLookedAt() {
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> Page.decode(new byte[Page.LONGEST + 1]))
                .withMessageContaining("too long");
    }

    @Test
    void aWriterEndsAPageBeforeItsPathsAreTooLongForAReader() {
        var pages = new MemoryPages();
        var builder = new TreeBuilder(pages, new byte[32]);
        String deep = "d/".repeat(10_000);
        for (int i = 1000; i < 2500; i++) {
            PathBytes path = PathBytes.of(deep + i);
            builder.add(new Node(path, NodeType.FIFO, false, 0, 0, new byte[0], Content.NONE), List.of());
        }
        builder.finish();

        assertThat(pages.pages.values()).hasSizeGreaterThan(7);
        assertThat(pages.pages.values()).allSatisfy(page -> {
            if (Page.decode(page) instanceof Page.Leaf leaf) {
                assertThat(leaf.nodes()).hasSizeLessThan(220);
            }
        });
    }
}
