package org.medbackup.engine.internal.scan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;
import org.medbackup.engine.internal.Mutations;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.SegmentCipher;
import org.medbackup.engine.internal.tree.Attributes;
import org.medbackup.engine.internal.tree.Extent;
import org.medbackup.engine.internal.tree.NodeType;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.FileTime;
import org.medbackup.testkit.SeededEntropy;

/** The memory of the last run. */
class ScanCacheTest {

    private static final byte[] HOST_KEY = Crypto.sha256(new byte[] {1});
    private static final CacheHeader HEADER =
            new CacheHeader(new byte[16], new byte[16], new FileTime(1_700_000_000, 5), 3, 2);

    @TempDir
    Path folder;

    static LongStream seeds() {
        return Seeds.of(5);
    }

    private Path file() {
        return folder.resolve("cache").resolve("scan");
    }

    private static List<Extent> extents(SeededRandom random) {
        var extents = new ArrayList<Extent>();
        ChunkId chunk = ChunkId.of(random.bytes(32));
        long at = 0;
        for (int i = random.below(5); i > 0; i--) {
            chunk = random.nextBoolean() ? chunk : ChunkId.of(random.bytes(32));
            long length = random.between(1, 5000);
            extents.add(new Extent(at, length, chunk, random.below(100)));
            at += length;
        }
        return extents;
    }

    private static Attributes attributes(FileTime modified, FileTime changed, long inode) {
        return new Attributes(
                0644,
                1,
                1,
                "",
                "",
                modified,
                changed,
                new FileTime(0, 0),
                inode,
                1,
                0,
                0,
                0,
                new byte[0],
                new TreeMap<>());
    }

    private static CacheRecord.Entry entry(SeededRandom random, String path, boolean large) {
        return new CacheRecord.Entry(
                PathBytes.of(path),
                large ? NodeType.FILE : random.pick(NodeType.values()),
                random.nextBoolean(),
                random.below(1L << 40),
                random.nextInt(),
                large,
                random.nextBoolean(),
                random.bytes(random.below(60)),
                large ? List.of() : extents(random));
    }

    private static List<CacheRecord> records(SeededRandom random, int count) {
        var records = new ArrayList<CacheRecord>();
        records.add(new CacheRecord.Facts(new TreeMap<>(Map.of("start_lsn", "0/1", "timeline", "" + count))));
        for (int i = 0; i < count; i++) {
            boolean large = random.oneIn(10);
            records.add(entry(random, "patients/folder/report-" + (100_000 + i), large));
            if (large) {
                for (int part = random.between(1, 3); part > 0; part--) {
                    byte[] blocks = random.bytes(16 * random.below(2000));
                    records.add(new CacheRecord.Part(new CachedPart(
                            random.below(1L << 30),
                            random.nextInt(),
                            extents(random),
                            blocks,
                            List.of(1, 2, 300),
                            random.bytes(4 * random.below(2000)))));
                }
                records.add(new CacheRecord.End(random.below(1L << 40), random.nextInt(), random.nextBoolean()));
            }
        }
        return records;
    }

    private void write(List<CacheRecord> records) {
        try (var writer = new ScanCacheWriter(file(), HOST_KEY, HEADER, new SeededEntropy(1))) {
            records.forEach(writer::add);
            writer.commit(new byte[32]);
        }
    }

    private static String text(CacheRecord record) {
        return switch (record) {
            case CacheRecord.Entry entry ->
                entry.path() + " " + entry.type() + entry.ancestor() + entry.size() + " " + entry.crc()
                        + entry.large() + entry.pages() + HexFormat.of().formatHex(entry.attributes())
                        + entry.extents();
            case CacheRecord.Part part ->
                part.part().length() + " " + part.part().crc() + part.part().extents()
                        + HexFormat.of().formatHex(part.part().blocks())
                        + part.part().chunkBlocks()
                        + HexFormat.of().formatHex(part.part().sums());
            case CacheRecord.Facts facts -> "facts " + facts.evidence();
            case CacheRecord.Finish finish -> "finish " + HexFormat.of().formatHex(finish.manifest());
            case CacheRecord.End end -> end.toString();
        };
    }

    private List<String> read() {
        Optional<ScanCacheReader> reader = ScanCacheReader.open(file(), HOST_KEY);
        var all = new ArrayList<String>();
        if (reader.isPresent()) {
            try (ScanCacheReader cache = reader.get()) {
                while (true) {
                    CacheRecord next = cache.peek();
                    CacheRecord taken = cache.take();
                    if (taken == null) {
                        return all;
                    }
                    assertThat(taken).isSameAs(next);
                    all.add(text(taken));
                }
            }
        }
        return all;
    }

    private static List<String> expected(List<CacheRecord> records) {
        var all = new ArrayList<>(records.stream().map(ScanCacheTest::text).toList());
        all.add("finish " + "00".repeat(32));
        return all;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everythingComesBackInOrder(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        List<CacheRecord> records = records(random, random.between(0, 1500));
        write(records);

        assertThat(read()).isEqualTo(expected(records));
        try (ScanCacheReader reader = ScanCacheReader.open(file(), HOST_KEY).orElseThrow()) {
            assertThat(reader.header().started()).isEqualTo(HEADER.started());
            assertThat(reader.header().collection()).isEqualTo(3);
            assertThat(reader.header().cutting()).isEqualTo(2);
        }
    }

    @Test
    void noNameStandsInTheFile() throws IOException {
        write(records(SeededRandom.of(1), 50));

        assertThat(Files.readString(file(), ISO_8859_1)).startsWith("MBSC").doesNotContain("patients", "report");
        assertThat(Files.getPosixFilePermissions(file())).hasSize(2);
    }

    @Test
    void aCacheOfAnotherHostIsAsNone() {
        write(records(SeededRandom.of(1), 50));

        assertThat(ScanCacheReader.open(file(), Crypto.sha256(new byte[] {2}))).isEmpty();
        assertThat(ScanCacheReader.open(folder.resolve("absent"), HOST_KEY)).isEmpty();
    }

    @Test
    void aDamagedFileIsReadUpToTheDamageAndNoFurther() throws IOException {
        List<CacheRecord> records = records(SeededRandom.of(2), 1000);
        write(records);
        List<String> whole = expected(records);
        byte[] bytes = Files.readAllBytes(file());
        assertThat(bytes.length).isGreaterThan(3 * 65536);
        for (int at : new int[] {0, 3, 20, 39, 40, 50, 65536, 65600, 140_000, bytes.length - 1}) {
            byte[] flipped = bytes.clone();
            flipped[at] ^= 1;
            Files.write(file(), flipped);

            List<String> read = read();

            assertThat(read).as("byte %d", at).hasSizeLessThan(whole.size()).isEqualTo(whole.subList(0, read.size()));
            assertThat(read.isEmpty()).isEqualTo(at < 40 + 65552);
        }
    }

    @Test
    void aFileThatWasCutOffIsReadUpToItsEndAndHasNoFinish() throws IOException {
        List<CacheRecord> records = records(SeededRandom.of(2), 1000);
        write(records);
        List<String> whole = expected(records);
        byte[] bytes = Files.readAllBytes(file());
        for (int length : new int[] {0, 4, 39, 40, 41, 65591, 65592, 65593, 131_144, 150_000, bytes.length - 1}) {
            Files.write(file(), Arrays.copyOf(bytes, length));

            List<String> read = read();

            assertThat(read).as("%d bytes", length).isEqualTo(whole.subList(0, read.size()));
            assertThat(read).noneMatch(line -> line.startsWith("finish"));
        }
    }

    @Test
    void aCacheThatWasNotCommittedLeavesTheOldOne() throws IOException {
        List<CacheRecord> records = records(SeededRandom.of(3), 20);
        write(records);
        try (var writer = new ScanCacheWriter(file(), HOST_KEY, HEADER, new SeededEntropy(2))) {
            writer.add(new CacheRecord.End(1, 2, true));
        }

        assertThat(read()).isEqualTo(expected(records));
        try (var files = Files.list(file().getParent())) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void aStateFolderThatCannotBeUsedIsSaidToBeThat() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatExceptionOfType(BackupException.class)
                .isThrownBy(() -> new ScanCacheWriter(file.resolve("scan"), HOST_KEY, HEADER, new SeededEntropy(1)))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STATE_UNUSABLE));

        Files.createDirectories(file().resolve("in the way"));
        try (var writer = new ScanCacheWriter(file(), HOST_KEY, HEADER, new SeededEntropy(1))) {
            assertThatExceptionOfType(BackupException.class)
                    .isThrownBy(() -> writer.commit(new byte[32]))
                    .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STATE_UNUSABLE));
        }
        assertThat(ScanCacheReader.open(file(), HOST_KEY)).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void partsThatNobodyWroteAreReadOrRefusedAsMalformed(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        var out = new ByteWriter();
        new CachedPart(5000, 7, extents(random), random.bytes(64), List.of(1, 2, 3), random.bytes(16)).encode(out);

        Mutations.areReadOrRefused(
                out.toBytes(), seed, bytes -> CachedPart.decode(new ByteReader(bytes)), MalformedException.class);
        var header = new ByteWriter();
        HEADER.encode(header);
        Mutations.areReadOrRefused(
                header.toBytes(), seed, bytes -> CacheHeader.decode(new ByteReader(bytes)), MalformedException.class);
    }

    /** A file of these plain bytes, sealed as they should be. */
    private void seal(byte[] plain) throws IOException {
        byte[] head = new ByteWriter()
                .raw("MBSC".getBytes(ISO_8859_1))
                .u32(1)
                .raw(new byte[32])
                .toBytes();
        var cipher = new SegmentCipher(Crypto.hkdf(HOST_KEY, new byte[32], "mb/scan/v1"));
        var sealed = new byte[(int) SegmentCipher.sealedLength(plain.length)];
        cipher.seal(0, head, plain, 0, plain.length, sealed, 0);
        Files.createDirectories(folder.resolve("cache"));
        Files.write(file(), new ByteWriter().raw(head).raw(sealed).toBytes());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aCacheThatNobodyWroteEndsWhereItCannotBeRead(long seed) throws IOException {
        SeededRandom random = SeededRandom.of(seed);
        write(records(random, 30));
        byte[] bytes = Files.readAllBytes(file());
        var cipher = new SegmentCipher(Crypto.hkdf(HOST_KEY, Arrays.copyOfRange(bytes, 8, 40), "mb/scan/v1"));
        byte[] first = Arrays.copyOfRange(bytes, 40, Math.min(bytes.length, 40 + 65552));
        var plain = new byte[first.length - 16];
        try {
            cipher.openSegment(
                    0, 0, bytes.length <= 40 + 65552, Arrays.copyOf(bytes, 40), first, 0, first.length, plain, 0);
        } catch (SegmentCipher.UnauthenticException wrong) {
            throw new AssertionError(wrong);
        }
        seal(plain);
        int whole = read().size();
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < 150; i++) {
            byte[] changed = plain.clone();
            changed[random.below(Math.min(changed.length, 4000))] = (byte) random.nextInt();
            seal(changed);
            least = Math.min(least, read().size());
        }

        assertThat(least).isLessThan(whole);
    }

    private static FileStatus status(int mode, long size, long inode, FileTime modified, FileTime changed) {
        return new FileStatus(
                mode, 1, 0, 0, inode, size, 0, modified, changed, new FileTime(0, 0), new FileTime(0, 0), 1, 0, 0);
    }

    @Test
    void aFileIsUnchangedOnlyWhereEverythingAgreesAndNothingCanHideInTheSameTick() {
        var then = new FileTime(1000, 7);
        var entry = new CacheRecord.Entry(
                PathBytes.of("x"),
                NodeType.FILE,
                false,
                50,
                0,
                false,
                false,
                attributes(then, then, 9).encode(),
                List.of());
        var walk = new FileTime(1010, 0);
        int regular = 0100644;

        assertThat(entry.isUnchanged(status(regular, 50, 9, then, then), walk)).isTrue();
        assertThat(entry.isUnchanged(status(regular, 51, 9, then, then), walk)).isFalse();
        assertThat(entry.isUnchanged(status(0120777, 50, 9, then, then), walk)).isFalse();
        assertThat(entry.isUnchanged(status(regular, 50, 8, then, then), walk)).isFalse();
        assertThat(entry.isUnchanged(status(regular, 50, 9, new FileTime(1000, 8), then), walk))
                .isFalse();
        assertThat(entry.isUnchanged(status(regular, 50, 9, then, new FileTime(1000, 8)), walk))
                .isFalse();
        assertThat(entry.isUnchanged(status(regular, 50, 9, then, then), new FileTime(1002, 8)))
                .isTrue();
        assertThat(entry.isUnchanged(status(regular, 50, 9, then, then), new FileTime(1002, 7)))
                .isFalse();
        assertThat(entry.isUnchanged(status(regular, 50, 9, then, then), new FileTime(1001, 0)))
                .isFalse();
    }
}
