package org.medbackup.engine.internal.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;
import org.medbackup.engine.internal.Rings;
import org.medbackup.engine.internal.chunk.Codec;
import org.medbackup.engine.internal.chunk.Compressor;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.Padme;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.testkit.MemoryStore;

/** Packs from the first chunk to what damage does to them. */
class PackTest {

    private final MemoryStore store = new MemoryStore();
    private final PackReader reader = new PackReader(store, Rings.OWNER.repository(), Rings.OWNER.indexKey());
    private final SamplePack sample = new SamplePack(1, KeyDomain.Kind.DATA);
    private final Compressor compressor = new Compressor(1);

    @AfterEach
    void close() {
        compressor.close();
    }

    static LongStream seeds() {
        return Seeds.of(5);
    }

    private static List<byte[]> chunks(SeededRandom random, int count, int longest) {
        var chunks = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) {
            int length = random.between(1, longest);
            chunks.add(random.nextBoolean() ? random.bytes(length) : new byte[length]);
        }
        return chunks;
    }

    private byte[] stored(FinishedPack pack) {
        return store.readAll(pack.name());
    }

    private byte[] open(FinishedPack pack, PackDirectory directory, PackEntry entry) {
        byte[] record = reader.read(pack.name(), entry.offset(), entry.storedLength());
        return reader.open(entry, sample.keys(directory), sample.domain(), record, 0, compressor);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyChunkComesBackUnderItsName(long seed) {
        List<byte[]> chunks = chunks(SeededRandom.of(seed), 40, 100_000);
        FinishedPack pack = sample.store(store, chunks);

        PackReader.Described described = reader.describe(pack.name());

        assertThat(described.firstFailure()).isEmpty();
        assertThat(described.domain()).isEqualTo(sample.domain().id());
        assertThat(described.length()).isEqualTo(stored(pack).length).isEqualTo(pack.length());
        assertThat(described.directory().entries()).isEqualTo(pack.entries());
        var found = new TreeMap<String, byte[]>();
        for (PackEntry entry : described.directory().entries()) {
            found.put(entry.id().toString(), open(pack, described.directory(), entry));
        }
        for (byte[] chunk : chunks) {
            assertThat(found.get(sample.name(chunk).toString())).isEqualTo(chunk);
        }
        assertThat(described.directory().entries()).extracting(PackEntry::codec).contains(Codec.RAW, Codec.ZSTD);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anybodyCanCheckAPackByItsNameAndItsLengthIsOneOfFew(long seed) {
        FinishedPack pack = sample.store(store, chunks(SeededRandom.of(seed), 10, 50_000));
        byte[] bytes = stored(pack);

        assertThat(Crypto.sha256(bytes)).isEqualTo(pack.id());
        assertThat(pack.name().text())
                .isEqualTo("d/" + java.util.HexFormat.of().formatHex(pack.id(), 0, 1) + "/"
                        + java.util.HexFormat.of().formatHex(pack.id()));
        assertThat(Padme.padded(bytes.length)).isEqualTo(bytes.length);
    }

    @Test
    void theLeavesAreTheSumsOfAllBeforeThem() {
        FinishedPack pack = sample.store(store, chunks(SeededRandom.of(1), 10, 60_000));
        byte[] bytes = stored(pack);
        PackLayout layout = PackLayout.decode(Arrays.copyOf(bytes, 64), Rings.OWNER.repository(), bytes.length);
        var leaves = new ByteReader(bytes, (int) layout.leavesStart(), (int) layout.leavesLength());

        assertThat(layout.leavesLength()).isEqualTo(4L * ((bytes.length + 65535) / 65536));
        for (int at = 0; at < layout.leavesStart(); at += 65536) {
            int length = (int) Math.min(65536, layout.leavesStart() - at);
            assertThat(leaves.u32()).isEqualTo(PackLayout.crc(bytes, at, length));
        }
        for (byte rest : leaves.raw(leaves.remaining())) {
            assertThat(rest).isZero();
        }
        assertThat(layout.recordsLength())
                .isEqualTo(pack.entries().stream()
                        .mapToLong(PackEntry::storedLength)
                        .sum());
    }

    @Test
    void theOrderOfTheRecordsTellsNothingOfTheOrderOfTheChunks() {
        List<byte[]> chunks = chunks(SeededRandom.of(1), 50, 1000);
        FinishedPack pack = sample.of(chunks);
        FinishedPack again = sample.of(chunks);

        List<String> given =
                chunks.stream().map(chunk -> sample.name(chunk).toString()).toList();
        List<String> placed =
                pack.entries().stream().map(entry -> entry.id().toString()).toList();
        assertThat(placed).containsExactlyInAnyOrderElementsOf(given).isNotEqualTo(given);
        assertThat(again.entries().stream().map(entry -> entry.id().toString())).isNotEqualTo(placed);
        assertThat(pack.entries()).extracting(PackEntry::offset).isSorted();
    }

    @Test
    void aFlippedByteCostsAtMostTheChunkThatItLiesIn() {
        FinishedPack pack = sample.store(store, chunks(SeededRandom.of(3), 6, 300));
        byte[] whole = stored(pack);
        for (int at = 0; at < whole.length; at++) {
            store.overwrite(pack.name(), whole);
            store.flip(pack.name(), at);

            PackReader.Described described = reader.describe(pack.name());

            assertThat(described.directory().entries()).isEqualTo(pack.entries());
            for (PackEntry entry : pack.entries()) {
                boolean hit = at >= entry.offset() && at < entry.offset() + entry.storedLength();
                if (hit) {
                    assertThatExceptionOfType(DamageException.class)
                            .as("byte %d", at)
                            .isThrownBy(() -> open(pack, described.directory(), entry));
                } else {
                    assertThat(sample.name(open(pack, described.directory(), entry)))
                            .isEqualTo(entry.id());
                }
            }
        }
    }

    @Test
    void damageToTheUsualDirectoryIsToldThoughTheOtherOneOpens() {
        FinishedPack pack = sample.store(store, chunks(SeededRandom.of(3), 6, 300));
        int length = stored(pack).length;
        store.flip(pack.name(), length - 100);

        assertThat(reader.describe(pack.name()).firstFailure())
                .hasValueSatisfying(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OBJECT_DAMAGED));

        store.flip(pack.name(), 100);
        assertThatExceptionOfType(DamageException.class)
                .isThrownBy(() -> reader.describe(pack.name()))
                .satisfies(failure -> assertThat(failure.context())
                        .containsEntry("object", pack.name().text()));
    }

    @Test
    void aTruncatedPackIsDamageAndAMissingOneIsMissing() {
        FinishedPack pack = sample.store(store, chunks(SeededRandom.of(3), 6, 300));
        byte[] whole = stored(pack);
        for (int length = 0; length < whole.length; length += 61) {
            store.overwrite(pack.name(), Arrays.copyOf(whole, length));
            assertThatExceptionOfType(DamageException.class)
                    .isThrownBy(() -> reader.describe(pack.name()))
                    .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OBJECT_DAMAGED));
        }
        store.delete(pack.name());
        assertThatExceptionOfType(DamageException.class)
                .isThrownBy(() -> reader.describe(pack.name()))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OBJECT_MISSING));
    }

    @Test
    void aPackOfAnotherRepositoryOrUnderAnotherKeyIsRefused() {
        FinishedPack pack = sample.store(store, chunks(SeededRandom.of(3), 2, 300));
        var stranger = new PackReader(store, Rings.STRANGER.repository(), Rings.STRANGER.indexKey());
        var otherKey = new PackReader(store, Rings.OWNER.repository(), Rings.STRANGER.indexKey());

        assertThatExceptionOfType(DamageException.class)
                .isThrownBy(() -> stranger.describe(pack.name()))
                .withMessageContaining("another repository");
        assertThatExceptionOfType(DamageException.class)
                .isThrownBy(() -> otherKey.describe(pack.name()))
                .withMessageContaining("does not open");
    }

    @Test
    void aRecordUnderAnotherKeyNumberOrNameIsRefused() {
        FinishedPack pack = sample.store(store, chunks(SeededRandom.of(3), 2, 300));
        PackDirectory directory = reader.describe(pack.name()).directory();
        PackEntry entry = directory.entries().getFirst();
        PackEntry other = directory.entries().getLast();
        byte[] record = reader.read(pack.name(), entry.offset(), entry.storedLength());

        assertThat(directory.slots().getFirst().key(new byte[32], Rings.OWNER.repository()))
                .isEmpty();
        for (PackEntry forged : List.of(
                new PackEntry(other.id(), entry.codec(), 0, entry.number(), 0, record.length, entry.plainLength(), 0),
                new PackEntry(entry.id(), entry.codec(), 0, other.number(), 0, record.length, entry.plainLength(), 0),
                new PackEntry(entry.id(), entry.codec(), 0, entry.number(), 0, record.length, 7, 0),
                new PackEntry(entry.id(), entry.codec(), 0, entry.number(), 0, 5, entry.plainLength(), 0))) {
            assertThatExceptionOfType(DamageException.class)
                    .isThrownBy(
                            () -> reader.open(forged, sample.keys(directory), sample.domain(), record, 0, compressor));
        }
        KeyDomain names = Rings.OWNER.names();
        assertThatExceptionOfType(DamageException.class)
                .isThrownBy(() -> reader.open(entry, sample.keys(directory), names, record, 0, compressor))
                .withMessageContaining("not the one of its name");
    }

    @Test
    void aFullPackTakesNoMoreAndAnAbandonedPlaceLeavesNothing() {
        PackBuilder pack = sample.builder(1000);
        PackBuilder other = sample.builder(1000);

        assertThat(pack.isEmpty()).isTrue();
        assertThat(sample.put(pack, new byte[] {1, 2, 3})).isTrue();
        PackBuilder.Place place = java.util.Objects.requireNonNull(pack.reserve(500));
        assertThat(place.pack()).isSameAs(pack);
        assertThat(pack.reserve(500)).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> other.abandon(place));
        assertThatIllegalStateException()
                .isThrownBy(() -> pack.finish(Rings.OWNER.indexKey(), org.medbackup.core.Entropy.system()));
        pack.abandon(place);
        FinishedPack finished = sample.finish(pack);

        assertThat(finished.entries()).hasSize(1);
        assertThat(pack.reserve(1)).isNull();
        assertThat(pack.used()).isEqualTo(519);
        assertThat(pack.isEmpty()).isFalse();
        assertThat(pack.memory().byteSize()).isEqualTo(1000);
        assertThat(pack.domain()).isEqualTo(sample.domain());
        assertThat(finished.toString()).startsWith("DATA pack ").hasSize(18);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(PackKind.class)
    void aKindHasItsFolderItsDomainAndItsNumber(PackKind kind) {
        assertThat(PackKind.of(kind.code())).isEqualTo(kind);
        assertThat(kind.name(new byte[32]).text()).startsWith(kind.prefix() + "00/0000");
        assertThat(kind.copies()).isEqualTo(kind == PackKind.DATA ? 1 : 2);
        assertThat(new SamplePack(2, KeyDomain.Kind.of(kind.code()))
                        .of(List.of(new byte[9]))
                        .kind())
                .isEqualTo(kind);
    }

    @Test
    void aHeaderOfALaterVersionIsRefusedByItsNumber() {
        FinishedPack pack = sample.store(store, chunks(SeededRandom.of(3), 2, 300));
        byte[] block = Arrays.copyOf(stored(pack), 64);
        for (Map.Entry<Integer, String> later :
                Map.of(4, "version 9 and suite 1", 5, "version 1 and suite 9").entrySet()) {
            byte[] changed = block.clone();
            changed[later.getKey()] = 9;
            PackLayoutTest.sum(changed);
            assertThatExceptionOfType(UsageException.class)
                    .isThrownBy(() -> PackLayout.decode(changed, Rings.OWNER.repository(), pack.length()))
                    .withMessageContaining(later.getValue());
        }
    }
}
