package org.medbackup.engine.internal.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;
import org.medbackup.engine.internal.Mutations;
import org.medbackup.engine.internal.Rings;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.chunk.Codec;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Padme;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.testkit.SeededEntropy;

/** Headers, trailers and directories, planned, written and damaged. */
class PackLayoutTest {

    private static final byte[] REPOSITORY = Rings.OWNER.repository();
    private static final byte[] INDEX_KEY = Rings.OWNER.indexKey();

    static LongStream seeds() {
        return Seeds.of(5);
    }

    /** Puts the sum of a block right. */
    static void sum(byte[] block) {
        byte[] crc = new ByteWriter(4).u32(PackLayout.crc(block, 0, 60)).toBytes();
        System.arraycopy(crc, 0, block, 60, 4);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everythingHasRoomInAPaddedPackAndHeaderAndTrailerTellWhere(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        for (int i = 0; i < 500; i++) {
            int directory = random.between(1, 300_000);
            long records = random.below(1L << random.between(1, 31));
            PackLayout layout = PackLayout.plan(
                    new FinishedPack.Header(7, 200, (1 << 24) - 2, REPOSITORY, new byte[16]), directory, records);

            assertThat(Padme.padded(layout.totalLength())).isEqualTo(layout.totalLength());
            assertThat(layout.leavesStart()).isGreaterThanOrEqualTo(layout.recordsStart() + records);
            assertThat(layout.secondDirectoryStart() - layout.leavesStart()).isEqualTo(layout.leavesLength());
            for (byte[] block : List.of(layout.header(), layout.trailer())) {
                PackLayout decoded = PackLayout.decode(block, REPOSITORY, layout.totalLength());
                assertThat(decoded.header()).isEqualTo(layout.header());
                assertThat(decoded.domain()).isEqualTo(7);
                assertThat(decoded.placement()).isEqualTo(200);
                assertThat(decoded.generation()).isEqualTo((1 << 24) - 2);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void headersWithARightSumAndWrongNumbersAreReadOrRefused(long seed) {
        PackLayout layout = PackLayout.plan(new FinishedPack.Header(1, 0, 0, REPOSITORY, new byte[16]), 1300, 5000);
        Mutations.areReadOrRefused(
                layout.header(),
                seed,
                bytes -> {
                    byte[] block = Arrays.copyOf(bytes, PackLayout.BLOCK);
                    sum(block);
                    PackLayout decoded = PackLayout.decode(block, REPOSITORY, layout.totalLength());
                    assertThat(decoded.directoryLength()).isLessThan((int) layout.totalLength());
                },
                BackupException.class);
    }

    private static PackDirectory directory(SeededRandom random) {
        var slots = List.of(
                new KeySlot(1, random.bytes(1120), random.bytes(32), random.bytes(32)),
                new KeySlot(2, random.bytes(1120), random.bytes(32), random.bytes(32)));
        var entries = java.util.stream.IntStream.range(0, 30)
                .mapToObj(i -> new PackEntry(
                        ChunkId.of(random.bytes(32)),
                        random.nextBoolean() ? Codec.RAW : Codec.ZSTD,
                        random.below(2),
                        random.below(1L << 32),
                        random.below(1L << 32),
                        random.below(1 << 24),
                        random.below(1 << 24),
                        random.nextInt()))
                .toList();
        return new PackDirectory(slots, entries);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aDirectoryComesBackWithItsSlots(long seed) {
        PackDirectory directory = directory(SeededRandom.of(seed));
        byte[] encoded = directory.encode(INDEX_KEY, REPOSITORY, new SeededEntropy(seed));

        PackDirectory decoded = PackDirectory.decode(encoded, INDEX_KEY, REPOSITORY);

        assertThat(encoded).hasSize(PackDirectory.encodedLength(directory.slots(), 30));
        assertThat(decoded.entries()).isEqualTo(directory.entries());
        assertThat(decoded.slots()).hasSize(2);
        assertThat(decoded.slots().getLast().encapsulation())
                .isEqualTo(directory.slots().getLast().encapsulation());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void damagedDirectoriesAreRefused(long seed) {
        byte[] encoded = directory(SeededRandom.of(seed)).encode(INDEX_KEY, REPOSITORY, new SeededEntropy(seed));

        Mutations.areReadOrRefused(
                encoded, seed, bytes -> PackDirectory.decode(bytes, INDEX_KEY, REPOSITORY), DamageException.class);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void entriesThatNobodyWroteAreReadOrRefused(long seed) throws Exception {
        PackDirectory directory = directory(SeededRandom.of(seed));
        byte[] encoded = directory.encode(INDEX_KEY, REPOSITORY, new SeededEntropy(seed));
        byte[] slots = Arrays.copyOf(encoded, 2 + 2 * (2 + 2 + 1120 + 64));
        byte[] context = new ByteWriter()
                .raw(REPOSITORY)
                .raw("footer".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .raw(slots)
                .toBytes();
        byte[] sealed = Arrays.copyOfRange(encoded, slots.length, encoded.length);
        byte[] plain = SealedBytes.open(INDEX_KEY, "mb/footer/v1", context, sealed);

        assertThat(plain).hasSize(30 * 55);
        Mutations.areReadOrRefused(
                plain,
                seed,
                bytes -> {
                    byte[] resealed =
                            SealedBytes.seal(INDEX_KEY, "mb/footer/v1", context, bytes, new SeededEntropy(seed));
                    byte[] whole = new ByteWriter().raw(slots).raw(resealed).toBytes();
                    PackDirectory decoded = PackDirectory.decode(whole, INDEX_KEY, REPOSITORY);
                    assertThat(decoded.entries())
                            .allSatisfy(entry -> assertThat(entry.slot()).isLessThan(2));
                },
                DamageException.class);
    }

    @Test
    void aDirectoryThatWouldMakeAReaderTakeMuchMemoryIsRefused() {
        var slot = new KeySlot(1, new byte[1120], new byte[32], new byte[32]);
        for (var lengths : new int[][] {{1 << 30, 100}, {100, (16 << 20) + 1}}) {
            var entry = new PackEntry(ChunkId.of(new byte[32]), Codec.ZSTD, 0, 0, 0, lengths[0], lengths[1], 0);
            byte[] encoded = new PackDirectory(List.of(slot), List.of(entry))
                    .encode(INDEX_KEY, REPOSITORY, new SeededEntropy(1));

            assertThatExceptionOfType(DamageException.class)
                    .isThrownBy(() -> PackDirectory.decode(encoded, INDEX_KEY, REPOSITORY));
        }
    }
}
