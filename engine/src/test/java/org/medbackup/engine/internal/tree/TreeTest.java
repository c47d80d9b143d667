package org.medbackup.engine.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.DamageException;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.tree.TreeReader.Cursor;

/** Trees against a sorted map. */
class TreeTest {

    private static final byte[] KEY = new byte[32];

    static LongStream seeds() {
        return Seeds.of(5);
    }

    private final MemoryPages store = new MemoryPages();

    private static Node file(PathBytes path, SeededRandom random) {
        long size = random.below(1 << 20) + 1L;
        var content =
                new Content.Inline(List.of(new Extent(0, size, ChunkId.of(random.bytes(32)), random.below(1000))));
        return new Node(path, NodeType.FILE, false, size, random.nextInt(), random.bytes(30), content);
    }

    private static Node other(PathBytes path, SeededRandom random) {
        NodeType type = random.pick(NodeType.values());
        NodeType shown = type == NodeType.FILE ? NodeType.FOLDER : type;
        return new Node(path, shown, random.nextBoolean(), 0, 0, random.bytes(20), Content.NONE);
    }

    private static NavigableMap<PathBytes, Node> random(SeededRandom random, int count) {
        var model = new TreeMap<PathBytes, Node>();
        while (model.size() < count) {
            var path = new StringBuilder();
            for (int depth = random.between(1, 5); depth > 0; depth--) {
                path.append("folder-").append(random.below(12)).append('/');
            }
            PathBytes whole = PathBytes.of(path + "file " + random.below(1_000_000) + ".hl7");
            model.put(whole, random.oneIn(5) ? other(whole, random) : file(whole, random));
        }
        return model;
    }

    private TreeBuilder.Root build(NavigableMap<PathBytes, Node> model) {
        var builder = new TreeBuilder(store, KEY);
        model.values().forEach(node -> builder.add(node, List.of()));
        return builder.finish();
    }

    private static String text(Node node) {
        return node.path() + " " + node.type() + " " + node.ancestor() + " " + node.size() + " " + node.crc() + " "
                + java.util.HexFormat.of().formatHex(node.attributes()) + " " + node.content();
    }

    private static List<String> rest(Cursor cursor) {
        var all = new ArrayList<String>();
        for (Node node = cursor.next(); node != null; node = cursor.next()) {
            all.add(text(node));
        }
        return all;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyEntryComesBackInOrder(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        NavigableMap<PathBytes, Node> model = random(random, random.between(1, 5000));
        TreeBuilder.Root root = build(model);
        var reader = new TreeReader(store, root.page());

        assertThat(rest(reader.from(PathBytes.ROOT)))
                .isEqualTo(model.values().stream().map(TreeTest::text).toList());
        assertThat(root.sums().entries()).isEqualTo(model.size());
        assertThat(root.sums().files())
                .isEqualTo(model.values().stream()
                        .filter(node -> node.type() == NodeType.FILE)
                        .count());
        assertThat(root.sums().bytes())
                .isEqualTo(model.values().stream().mapToLong(Node::size).sum());
        for (int i = 0; i < 50; i++) {
            PathBytes key = PathBytes.of("folder-" + random.below(12) + "/file " + random.below(1_000_000));
            PathBytes known = random.pick(List.copyOf(model.keySet()));
            Node next = reader.from(key).next();
            PathBytes expected = model.ceilingKey(key);
            assertThat(next == null ? null : next.path()).isEqualTo(expected);
            assertThat(reader.find(known)).map(TreeTest::text).contains(text(file(model, known)));
            assertThat(reader.find(known.resolve(new byte[] {'x'}))).isEmpty();
        }
    }

    private static Node file(NavigableMap<PathBytes, Node> model, PathBytes path) {
        return java.util.Objects.requireNonNull(model.get(path));
    }

    @Test
    void fiftyThousandEntriesTakeFewLevelsAndASmallChangeTouchesOnePageOfEach() {
        SeededRandom random = SeededRandom.of(1);
        NavigableMap<PathBytes, Node> model = random(random, 50_000);
        TreeBuilder.Root root = build(model);
        assertThat(build(model)).isEqualTo(root);
        Set<ChunkId> before = new HashSet<>(store.pages.keySet());

        PathBytes changed = List.copyOf(model.keySet()).get(31_337);
        model.put(changed, file(changed, random));
        TreeBuilder.Root second = build(model);
        var added = new HashSet<>(store.pages.keySet());
        added.removeAll(before);

        assertThat(second.page()).isNotEqualTo(root.page());
        assertThat(added).hasSizeBetween(2, 4).contains(second.page());
        assertThat(before.size()).isBetween(100, 400);

        model.remove(List.copyOf(model.keySet()).get(100));
        before = new HashSet<>(store.pages.keySet());
        build(model);
        added = new HashSet<>(store.pages.keySet());
        added.removeAll(before);
        assertThat(added).hasSizeBetween(2, 8);
    }

    @Test
    void anEntryIsFoundByReadingOnePageOfEachLevel() {
        NavigableMap<PathBytes, Node> model = random(SeededRandom.of(2), 20_000);
        var reader = new TreeReader(store, build(model).page());
        store.read.clear();

        assertThat(reader.find(List.copyOf(model.keySet()).get(12_345))).isPresent();

        assertThat(store.read).hasSizeLessThanOrEqualTo(4);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theReferencesNameEveryPageAndEveryChunkAndNothingElse(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        NavigableMap<PathBytes, Node> model = random(random, 2000);
        TreeBuilder.Root root = build(model);
        var needed = new HashSet<>(store.pages.keySet());
        for (Node node : model.values()) {
            if (node.content() instanceof Content.Inline inline) {
                inline.extents().forEach(extent -> needed.add(extent.chunk()));
            }
        }

        assertThat(store.reachable(root.reference())).isEqualTo(needed);
    }

    @Test
    void anEmptyTreeIsATreeToo() {
        TreeBuilder.Root root = build(new TreeMap<>());
        var reader = new TreeReader(store, root.page());

        assertThat(reader.from(PathBytes.ROOT).next()).isNull();
        assertThat(reader.find(PathBytes.of("x"))).isEmpty();
        assertThat(root.sums()).isEqualTo(new Sums(0, 0, 0));
    }

    @Test
    void entriesMustAscend() {
        SeededRandom random = SeededRandom.of(1);
        var builder = new TreeBuilder(store, KEY);
        builder.add(other(PathBytes.of("b/c"), random), List.of());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.add(other(PathBytes.of("b/c"), random), List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.add(other(PathBytes.of("b"), random), List.of()));
        builder.add(other(PathBytes.of("b c"), random), List.of());
    }

    @Test
    void anotherKeyEndsPagesElsewhere() {
        NavigableMap<PathBytes, Node> model = random(SeededRandom.of(3), 3000);
        build(model);
        Set<ChunkId> one = new HashSet<>(store.pages.keySet());
        store.pages.clear();
        var builder = new TreeBuilder(store, new byte[] {1, 2, 3});
        model.values().forEach(node -> builder.add(node, List.of()));
        builder.finish();

        assertThat(store.pages.keySet()).doesNotContainAnyElementsOf(one);
    }

    @Test
    void pagesThatTwoTreesShareArePassedOver() {
        SeededRandom random = SeededRandom.of(4);
        NavigableMap<PathBytes, Node> model = random(random, 20_000);
        TreeBuilder.Root first = build(model);
        PathBytes changed = List.copyOf(model.keySet()).get(10_000);
        model.put(changed, file(changed, random));
        TreeBuilder.Root second = build(model);
        Cursor left = new TreeReader(store, first.page()).from(PathBytes.ROOT);
        Cursor right = new TreeReader(store, second.page()).from(PathBytes.ROOT);

        int looked = 0;
        var differing = new ArrayList<PathBytes>();
        while (true) {
            Cursor.skipShared(left, right);
            Node a = left.next();
            Node b = right.next();
            if (a == null || b == null) {
                break;
            }
            looked++;
            if (!text(a).equals(text(b))) {
                differing.add(a.path());
            }
        }

        assertThat(differing).containsExactly(changed);
        assertThat(looked).isLessThan(5000);
    }

    @Test
    void veryLargeEntriesEndAPageEarly() {
        SeededRandom random = SeededRandom.of(5);
        var model = new TreeMap<PathBytes, Node>();
        for (int i = 0; i < 40; i++) {
            PathBytes path = PathBytes.of("attributes-" + i);
            model.put(path, new Node(path, NodeType.SYMLINK, false, 0, 0, random.bytes(60_000), Content.NONE));
        }
        TreeBuilder.Root root = build(model);

        assertThat(rest(new TreeReader(store, root.page()).from(PathBytes.ROOT)))
                .hasSize(40);
        assertThat(store.pages.values()).allSatisfy(page -> assertThat(page).hasSizeLessThan(400_000));
        assertThat(store.pages).hasSizeGreaterThan(5);
    }

    @Test
    void pagesThatAreNotOfATreeAreDamage() {
        ChunkId extents = store.page(new byte[] {Page.EXTENTS, 0, 0}, 3);
        byte[] noChild = {Page.INNER, 1, 0, 0};
        ChunkId empty = store.page(noChild, noChild.length);
        ChunkId leaf = store.page(new byte[] {Page.LEAF, 0, 0}, 3);

        for (ChunkId wrong : List.of(extents, empty)) {
            assertThatExceptionOfType(DamageException.class)
                    .isThrownBy(() -> new TreeReader(store, wrong).from(PathBytes.ROOT));
        }
        var reader = new TreeReader(store, leaf);
        assertThatExceptionOfType(DamageException.class)
                .isThrownBy(() -> reader.extents(new Content.Paged(0, List.of(leaf)), extent -> {}));
    }

    @Test
    void aTreeThatIsTooDeepIsDamage() {
        ChunkId below = store.page(new byte[] {Page.LEAF, 0, 0}, 3);
        ChunkId extents = store.page(new byte[] {Page.EXTENTS, 0, 0}, 3);
        for (int level = 1; level < 100; level++) {
            var page = new ByteWriter().u8(Page.INNER).varint(1).varint(1).raw(below.bytes());
            page.varint(1).varint(0).varint(0).varint(0).varint(0).varint(0).varint(0);
            below = store.page(page.array(), page.length());
            var above =
                    new ByteWriter().u8(Page.EXTENT_PAGES).varint(1).varint(1).raw(extents.bytes());
            extents = store.page(above.array(), above.length());
        }
        var reader = new TreeReader(store, below);
        var content = new Content.Paged(0, List.of(extents));

        assertThatExceptionOfType(DamageException.class)
                .isThrownBy(() -> reader.from(PathBytes.ROOT))
                .withMessageContaining("too deep");
        assertThatExceptionOfType(DamageException.class)
                .isThrownBy(() -> reader.extents(content, extent -> {}))
                .withMessageContaining("too deep");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void extentsComeBackHoweverManyThereAre(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        var pager = new ExtentPager(store);
        for (int count : new int[] {0, 1, 96, 97, 5000, 5000 * (int) seed}) {
            List<Extent> extents = extents(random, count);
            for (int from = 0; from < count; from += 777) {
                pager.add(extents.subList(from, Math.min(count, from + 777)));
            }
            ExtentPager.Finished finished = pager.finish();

            var found = new ArrayList<Extent>();
            new TreeReader(store, ChunkId.of(new byte[32])).extents(finished.content(), found::addAll);
            assertThat(found).isEqualTo(extents);
            assertThat(finished.content() instanceof Content.Inline).isEqualTo(count <= 96);
            var named = new HashSet<ChunkId>();
            finished.references().forEach(reference -> named.addAll(store.reachable(reference)));
            if (count > 96) {
                boolean all = extents.stream().map(Extent::chunk).allMatch(named::contains);
                assertThat(all).isTrue();
            }
        }
    }

    private static List<Extent> extents(SeededRandom random, int count) {
        var extents = new ArrayList<Extent>();
        long at = random.below(10_000);
        for (int i = 0; i < count; i++) {
            long length = random.between(1, 1 << 20);
            extents.add(new Extent(at, length, ChunkId.of(random.bytes(32)), random.below(5000)));
            at += length + (random.oneIn(4) ? random.below(1 << 20) : 0);
        }
        return extents;
    }

    @Test
    void aFileOfVeryManyExtentsHasPagesOfPagesBesideItsName() {
        SeededRandom random = SeededRandom.of(1);
        var pager = new ExtentPager(store);
        long at = 0;
        for (int i = 0; i < 70_000; i++) {
            byte[] ending = random.bytes(32);
            ending[30] = 0;
            ending[31] = 0;
            pager.add(List.of(new Extent(at, 10, ChunkId.of(ending), 0)));
            at += 10;
        }
        ExtentPager.Finished finished = pager.finish();
        PathBytes path = PathBytes.of("database");
        var node = new Node(path, NodeType.FILE, false, at, 1, new byte[0], finished.content());
        var builder = new TreeBuilder(store, KEY);
        builder.add(node, finished.references());
        TreeBuilder.Root root = builder.finish();

        var reader = new TreeReader(store, root.page());
        Content content = reader.find(path).orElseThrow().content();
        assertThat(content).isEqualTo(finished.content()).isInstanceOfSatisfying(Content.Paged.class, paged -> {
            assertThat(paged.level()).isEqualTo(1);
            assertThat(paged.pages()).hasSize(2);
        });
        var counted = new int[1];
        reader.extents(content, extents -> counted[0] += extents.size());
        assertThat(counted[0]).isEqualTo(70_000);
        assertThat(store.reachable(root.reference())).hasSizeGreaterThan(70_000);
    }
}
