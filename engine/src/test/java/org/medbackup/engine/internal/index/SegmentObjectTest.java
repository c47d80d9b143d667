package org.medbackup.engine.internal.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.engine.internal.Rings;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.chunk.Codec;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.index.CheckedMemory.StaleCacheException;
import org.medbackup.engine.internal.pack.PackEntry;
import org.medbackup.engine.internal.pack.PackKind;
import org.medbackup.testkit.MemoryStore;
import org.medbackup.testkit.SeededEntropy;

/** Segments as they are stored, and their copies on disk. */
class SegmentObjectTest {

    private static final byte[] REPOSITORY = Rings.OWNER.repository();
    private static final byte[] INDEX_KEY = Rings.OWNER.indexKey();
    private static final ChunkId ID = ChunkId.of(SeededRandom.of(77).bytes(32));

    @TempDir
    Path folder;

    private final MemoryStore store = new MemoryStore();
    private byte[] plain = new byte[0];
    private ObjectName name = ObjectName.of("none");

    @BeforeEach
    void storeOne() {
        SeededRandom random = SeededRandom.of(1);
        var builder = new SegmentBuilder();
        var entries = new java.util.ArrayList<PackEntry>();
        entries.add(new PackEntry(ID, Codec.RAW, 0, 0, 4711, 815, 0, 0));
        for (int i = 0; i < 6000; i++) {
            entries.add(new PackEntry(ChunkId.of(random.bytes(32)), Codec.RAW, 0, 0, i, i, 0, 0));
        }
        builder.add(new PackRecord(random.bytes(32), PackKind.DATA, 1, 0, 6001, 1 << 20, random.bytes(16)), entries);
        plain = new byte[(int) builder.length()];
        builder.writeTo(MemorySegment.ofArray(plain));
        var object = new SegmentObject(3, MemorySegment.ofArray(plain), INDEX_KEY, REPOSITORY, new SeededEntropy(1));
        name = object.name();
        store.putIfAbsent(name, object);
    }

    private byte[] read() throws IOException {
        var out = new ByteArrayOutputStream();
        SegmentObject.read(store, name, INDEX_KEY, REPOSITORY, (bytes, length) -> out.write(bytes, 0, length));
        return out.toByteArray();
    }

    @Test
    void aSegmentComesBackAndAnybodyCanCheckItByItsName() throws IOException {
        assertThat(read()).isEqualTo(plain);
        assertThat(SegmentObject.level(name)).isEqualTo(3);
        assertThat(name).isEqualTo(SegmentObject.name(3, Crypto.sha256(store.readAll(name))));
        assertThat(plain.length).isGreaterThan(3 * 65536);
    }

    @Test
    void aFlippedByteAnywhereIsDamage() {
        byte[] whole = store.readAll(name);
        for (int at = 0; at < whole.length; at += at < 200 ? 1 : 9973) {
            store.overwrite(name, whole);
            store.flip(name, at);

            assertThatExceptionOfType(DamageException.class)
                    .as("byte %d", at)
                    .isThrownBy(this::read)
                    .satisfies(damage -> assertThat(damage.context()).containsEntry("object", name.text()));
        }
    }

    @Test
    void anotherLengthIsDamage() {
        byte[] whole = store.readAll(name);
        for (int length : new int[] {0, 50, 128, 129, 65536 + 16 + 128, whole.length - 1, whole.length + 1}) {
            store.overwrite(name, Arrays.copyOf(whole, length));

            assertThatExceptionOfType(DamageException.class)
                    .as("%d bytes", length)
                    .isThrownBy(this::read);
        }
    }

    @Test
    void anotherKeyIsRefused() {
        assertThatExceptionOfType(DamageException.class)
                .isThrownBy(() ->
                        SegmentObject.read(store, name, Rings.STRANGER.indexKey(), REPOSITORY, (bytes, length) -> {}));
    }

    private IndexSegment cached(SegmentCache cache) {
        return cache.find(name).orElseGet(() -> cache.fetch(store, name, INDEX_KEY, REPOSITORY));
    }

    private Path file() {
        return folder.resolve(name.text().replace('/', '-') + ".idx");
    }

    @Test
    void aSegmentIsFetchedOnceAndReadableByItsOwnerOnly() throws IOException {
        var cache = new SegmentCache(folder);
        assertThat(cached(cache).contains(ID)).isTrue();
        store.delete(name);

        assertThat(cached(new SegmentCache(folder)).contains(ID)).isTrue();
        assertThat(Files.getPosixFilePermissions(file())).hasSize(2);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void aDamagedCopyIsNoticedBeforeItIsBelieved() throws IOException {
        var cache = new SegmentCache(folder);
        cached(cache);
        byte[] whole = Files.readAllBytes(file());
        for (int at = 0; at < plain.length; at += 4999) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 1;
            Files.write(file(), flipped);

            IndexSegment found = cache.find(name).orElse(null);
            assertThat(found == null || stale(found)).as("byte %d", at).isTrue();
        }
    }

    private static boolean stale(IndexSegment segment) {
        try {
            segment.whole();
            return false;
        } catch (StaleCacheException stale) {
            return true;
        }
    }

    @Test
    void aCopyThatWasCutOffIsNone() throws IOException {
        var cache = new SegmentCache(folder);
        cached(cache);
        byte[] whole = Files.readAllBytes(file());
        for (int length : new int[] {0, 3, 4, 64, 70_000, whole.length - 4, whole.length - 1}) {
            Files.write(file(), Arrays.copyOf(whole, length));

            assertThat(cache.find(name)).as("%d bytes", length).isEmpty();
        }
        assertThat(cached(cache).contains(ID)).isTrue();
    }

    private static void unusable(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatExceptionOfType(BackupException.class)
                .isThrownBy(call)
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STATE_UNUSABLE));
    }

    @Test
    void aStateFolderThatCannotBeUsedIsSaidToBeThat() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        unusable(() -> new SegmentCache(file.resolve("below")));

        Path gone = folder.resolve("gone");
        var cache = new SegmentCache(gone);
        Files.delete(gone);
        unusable(() -> cache.draft(64));
        unusable(() -> cache.fetch(store, name, INDEX_KEY, REPOSITORY));
        unusable(() -> cache.keepOnly(java.util.Set.of()));
    }

    @Test
    void aCopyThatCannotBeReplacedIsSaidToBeThat() throws IOException {
        var cache = new SegmentCache(folder);
        Files.createDirectories(file().resolve("in the way"));

        unusable(() -> cache.drop(name));
        unusable(() -> cache.fetch(store, name, INDEX_KEY, REPOSITORY));
        try (SegmentCache.Draft draft = cache.draft(64)) {
            unusable(() -> cache.keep(draft, name));
        }
    }

    @Test
    void copiesOfSegmentsThatAreNoLongerLiveAreRemoved() {
        var cache = new SegmentCache(folder);
        cached(cache);
        cache.keepOnly(java.util.Set.of(name));
        assertThat(file()).exists();

        cache.keepOnly(java.util.Set.of());

        assertThat(file()).doesNotExist();
    }
}
