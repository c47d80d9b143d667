package org.medbackup.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Entropy;
import org.medbackup.core.PathBytes;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.chunk.ChunkNamer;
import org.medbackup.engine.internal.chunk.Codec;
import org.medbackup.engine.internal.chunk.FastCdc;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.HybridKem;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.index.SegmentBuilder;
import org.medbackup.engine.internal.pack.KeySlot;
import org.medbackup.engine.internal.pack.PackBuilder;
import org.medbackup.engine.internal.pack.PackEntry;
import org.medbackup.engine.internal.pack.PackKind;
import org.medbackup.engine.internal.tree.Attributes;
import org.medbackup.engine.internal.tree.Content;
import org.medbackup.engine.internal.tree.Extent;
import org.medbackup.engine.internal.tree.Node;
import org.medbackup.engine.internal.tree.NodeType;
import org.medbackup.engine.internal.tree.Page;
import org.medbackup.engine.internal.tree.PageStore;
import org.medbackup.engine.internal.tree.ReferencePage;
import org.medbackup.engine.internal.tree.Sums;
import org.medbackup.engine.internal.tree.TreeBuilder;
import org.medbackup.linux.FileTime;

/** Known answers, which an implementation in another language made from the description of the format. */
class VectorsTest {

    private static JsonValue.Members vectors(String name) throws IOException {
        try (InputStream in = VectorsTest.class.getResourceAsStream("/vectors/v1/" + name + ".json")) {
            return Json.parseMembers(
                    new String(java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static List<JsonValue.Members> list(JsonValue.Members members, String name) {
        return members.items(name).stream().map(JsonValue.Members.class::cast).toList();
    }

    private static byte[] hex(JsonValue.Members members, String name) {
        return HexFormat.of().parseHex(members.text(name));
    }

    private static ChunkId id(JsonValue.Members members, String name) {
        return ChunkId.of(hex(members, name));
    }

    /** SHA-256 of the name and a counter, joined. */
    private static byte[] stream(String name, int length) {
        var out = new ByteWriter(length + 32);
        for (int i = 0; out.length() < length; i++) {
            out.raw(Crypto.sha256(new ByteWriter()
                    .raw(name.getBytes(StandardCharsets.UTF_8))
                    .u32(i)
                    .toBytes()));
        }
        return Arrays.copyOf(out.array(), length);
    }

    @Test
    void chunksEndWhereTheyShould() throws IOException {
        JsonValue.Members vectors = vectors("chunker");
        for (JsonValue.Members each : list(vectors, "cases")) {
            var limits = new FastCdc.Limits(
                    (int) each.whole("least"), (int) each.whole("average"), (int) each.whole("most"));
            var chunker = new FastCdc(hex(vectors, "key"), limits);
            byte[] data = stream("data", (int) each.whole("length"));
            var ends = new ArrayList<JsonValue>();
            for (int at = 0; at < data.length; ) {
                at += chunker.cut(data, at, data.length);
                ends.add(JsonValue.of(at));
            }

            assertThat(ends).hasSizeGreaterThan(5).isEqualTo(each.items("ends"));
        }
    }

    @Test
    void chunksHaveTheIdsOfTheirDomain() throws IOException {
        JsonValue.Members vectors = vectors("chunk-id");
        byte[] repository = hex(vectors, "repository");
        for (JsonValue.Members each : list(vectors, "cases")) {
            byte[] domain = each.text("domain").getBytes(StandardCharsets.UTF_8);
            byte[] key = Crypto.hkdf(hex(vectors, "dedup_key"), repository, "mb/id/v1", domain);
            byte[] data = stream("data", (int) each.whole("length"));

            assertThat(key).isEqualTo(hex(each, "id_key"));
            assertThat(Crypto.hkdf(hex(vectors, "chunker_key"), repository, "mb/cut/v1", domain))
                    .isEqualTo(hex(each, "cut_key"));
            assertThat(new ChunkNamer(key).name(data, 0, data.length)).isEqualTo(id(each, "id"));
        }
    }

    @Test
    void recordsAreSealedAsTheyShouldBe() throws IOException {
        JsonValue.Members vectors = vectors("record");
        byte[] repository = hex(vectors, "repository");
        var slot = new KeySlot(1, new byte[0], hex(vectors, "salt"), hex(vectors, "commitment"));
        byte[] key = slot.key(hex(vectors, "ticket_secret"), repository).orElseThrow();
        assertThat(key).isEqualTo(hex(vectors, "key"));
        for (JsonValue.Members each : list(vectors, "cases")) {
            byte[] plain = stream("data", (int) each.whole("length"));
            ChunkId id = new ChunkNamer(stream("id key", 32)).name(plain, 0, plain.length);
            byte[] context = PackBuilder.context(repository, id, Codec.RAW, plain.length);
            var sealed = new byte[(int) SegmentCipher.sealedLength(plain.length)];
            new SegmentCipher(key).seal(each.whole("number"), context, plain, 0, plain.length, sealed, 0);

            assertThat(id).isEqualTo(id(each, "id"));
            assertThat(context).isEqualTo(hex(each, "additional"));
            assertThat(sealed).hasSize((int) each.whole("record_length"));
            assertThat(Crypto.sha256(sealed)).isEqualTo(hex(each, "record_sha256"));
            if (sealed.length < 1000) {
                assertThat(sealed).isEqualTo(hex(each, "record"));
            }
        }
    }

    @Test
    void smallObjectsAreWrappedAsTheyShouldBe() throws IOException, UnauthenticException {
        JsonValue.Members vectors = vectors("envelope");
        byte[] salt = hex(vectors, "salt");
        Entropy fixed = target -> System.arraycopy(salt, 0, target, 0, target.length);
        byte[] repository = hex(vectors, "repository");
        byte[] context =
                new ByteWriter().raw(repository).text(vectors.text("name")).toBytes();

        byte[] sealed = SealedBytes.seal(
                hex(vectors, "index_key"), vectors.text("label"), context, hex(vectors, "plain"), fixed);

        assertThat(context).isEqualTo(hex(vectors, "context"));
        assertThat(sealed).isEqualTo(hex(vectors, "sealed"));
        assertThat(Envelope.wrap(Envelope.Kind.TICKET, repository, sealed)).isEqualTo(hex(vectors, "object"));
        assertThat(SealedBytes.open(hex(vectors, "index_key"), vectors.text("label"), context, sealed))
                .isEqualTo(stream("data", 50));
    }

    @Test
    void keysComeFromTheirSeedsAndTheSecretFromBothHalves() throws IOException {
        JsonValue.Members vectors = vectors("kem");
        byte[] x = hex(vectors, "x25519_private");
        byte[] seed = hex(vectors, "ml_kem_seed");
        // A pair is made of 32 and then of 64 bytes of randomness.
        HybridKem.Pair pair = HybridKem.generate(
                target -> System.arraycopy(target.length == 32 ? x : seed, 0, target, 0, target.length));
        byte[] encapsulation = hex(vectors, "encapsulation");
        byte[] both = new ByteWriter()
                .raw(hex(vectors, "x25519_secret"))
                .raw(hex(vectors, "ml_kem_secret"))
                .toBytes();

        assertThat(pair.recipient().x25519()).isEqualTo(hex(vectors, "x25519_public"));
        assertThat(pair.recipient().mlKem()).isEqualTo(hex(vectors, "ml_kem_public"));
        assertThat(HybridKem.decapsulate(new HybridKem.Opener(x, seed), encapsulation))
                .isEqualTo(hex(vectors, "secret"));
        assertThat(HybridKem.decapsulate(pair.opener(), encapsulation)).isEqualTo(hex(vectors, "secret"));
        assertThat(Crypto.hkdf(both, new byte[32], "mb/hybrid/v1", encapsulation))
                .isEqualTo(hex(vectors, "secret"));
    }

    /** Keeps the only page of a small tree. */
    private static final class OnePage implements PageStore {

        private byte[] page = new byte[0];

        @Override
        public ChunkId page(byte[] bytes, int length) {
            assertThat(page).isEmpty();
            page = Arrays.copyOf(bytes, length);
            return ChunkId.of(Crypto.sha256(page));
        }

        @Override
        public ChunkId reference(byte[] bytes) {
            return ChunkId.of(Crypto.sha256(bytes));
        }
    }

    @Test
    void pagesAreWrittenAndReadAsTheyShouldBe() throws IOException {
        JsonValue.Members vectors = vectors("pages");
        ChunkId a = id(vectors, "chunk_a");
        ChunkId b = id(vectors, "chunk_b");
        List<Extent> runs =
                List.of(new Extent(0, 5000, a, 7), new Extent(8192, 100, b, 0), new Extent(8292, 1L << 33, a, 0));
        var store = new OnePage();
        var builder = new TreeBuilder(store, new byte[32]);
        list(vectors, "entries").forEach(entry -> builder.add(node(entry), List.of()));
        builder.finish();

        assertThat(store.page).isEqualTo(hex(vectors, "leaf"));
        assertThat(Page.decode(store.page))
                .isInstanceOfSatisfying(
                        Page.Leaf.class,
                        leaf -> assertThat(leaf.nodes())
                                .extracting(node -> node.path().toString())
                                .containsExactly("srv", "srv/data", "srv/data/x", "srv/data.bak"));
        assertThat(Page.decode(hex(vectors, "inner")))
                .isEqualTo(new Page.Inner(
                        1,
                        List.of(
                                new Page.Child(PathBytes.of("srv"), a, new Sums(300, 200, 1L << 40)),
                                new Page.Child(PathBytes.of("srv/lab"), b, new Sums(5, 4, 0)))));
        assertThat(Page.decode(hex(vectors, "extents"))).isEqualTo(new Page.Extents(runs));
        assertThat(Page.decode(hex(vectors, "extent_pages"))).isEqualTo(new Page.ExtentPages(1, List.of(b, a)));
        var reference = new ReferencePage(
                ChunkId.of(stream("page", 32)), List.of(b, a), List.of(ChunkId.of(stream("child", 32))));
        assertThat(reference.encode()).isEqualTo(hex(vectors, "reference"));
    }

    private static Node node(JsonValue.Members entry) {
        NodeType type = NodeType.of((int) entry.whole("type"));
        boolean file = type == NodeType.FILE;
        List<Extent> extents = list(entry, "extents").stream()
                .map(each -> new Extent(
                        each.whole("offset"), each.whole("length"), id(each, "chunk"), each.whole("chunk_offset")))
                .toList();
        return new Node(
                PathBytes.of(entry.text("path")),
                type,
                false,
                file ? 1L << 34 : 0,
                file ? 0xcafef00d : 0,
                hex(entry, "attributes"),
                new Content.Inline(extents));
    }

    @Test
    void attributesAreWrittenAsTheyShouldBe() throws IOException {
        var extended = new TreeMap<String, byte[]>();
        extended.put("user.class", "phi".getBytes(StandardCharsets.US_ASCII));
        var attributes = new Attributes(
                0640,
                26,
                -2,
                "postgres",
                "",
                new FileTime(1_767_323_045, 678_900_000),
                new FileTime(-1, 999_999_999),
                new FileTime(1, 2),
                Long.MIN_VALUE,
                2,
                64_769,
                2049,
                16,
                "../data".getBytes(StandardCharsets.US_ASCII),
                extended);

        assertThat(attributes.encode()).isEqualTo(hex(vectors("pages"), "attributes"));
    }

    @Test
    void anIndexSegmentHasItsPacksItsEntriesAndItsFilter() throws IOException {
        JsonValue.Members vectors = vectors("index-segment");
        var builder = new SegmentBuilder();
        for (JsonValue.Members pack : list(vectors, "packs")) {
            List<PackEntry> chunks = list(pack, "chunks").stream()
                    .map(each -> new PackEntry(
                            id(each, "id"), Codec.RAW, 0, 0, each.whole("offset"), (int) each.whole("length"), 0, 0))
                    .toList();
            builder.add(
                    new PackRecord(
                            hex(pack, "id"),
                            PackKind.of((int) pack.whole("kind")),
                            (int) pack.whole("domain"),
                            0,
                            chunks.size(),
                            pack.whole("length"),
                            hex(pack, "ticket")),
                    chunks);
        }
        byte[] plain = new byte[(int) builder.length()];
        builder.writeTo(MemorySegment.ofArray(plain));

        assertThat(plain).isEqualTo(hex(vectors, "plain"));
    }
}
