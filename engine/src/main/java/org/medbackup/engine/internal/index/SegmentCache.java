package org.medbackup.engine.internal.index;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.log.LocalState;

/**
 * Plain copies of index segments in a local folder, to be mapped. They hold keyed ids and lengths, no names. A file is
 * the plain segment, the CRC-32C of each of its blocks of 64 KiB, and their number (u32 each). What is missing or damaged
 * is fetched again.
 */
final class SegmentCache {

    private static final String SUFFIX = ".idx";

    private final Path folder;

    SegmentCache(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException impossible) {
            throw unusable(impossible);
        }
    }

    static RuntimeException unusable(IOException cause) {
        return LocalState.unusable("the cache of the index", cause);
    }

    private Path file(ObjectName name) {
        return folder.resolve(name.text().replace('/', '-') + SUFFIX);
    }

    /** The mapped copy of a segment, empty where there is none that can be used. */
    Optional<IndexSegment> find(ObjectName name) {
        Path file = file(name);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < 4) {
                return Optional.empty();
            }
            MemorySegment whole = channel.map(MapMode.READ_ONLY, 0, size, Arena.ofAuto());
            long blocks = whole.get(JAVA_INT_UNALIGNED, size - 4) & 0xffffffffL;
            long plain = size - 4 - 4 * blocks;
            if (plain < 0 || CheckedMemory.blocks(plain) != blocks) {
                return Optional.empty();
            }
            var sums = whole.asSlice(plain, 4 * blocks).toArray(JAVA_INT_UNALIGNED);
            return Optional.of(new IndexSegment(CheckedMemory.of(whole.asSlice(0, plain), sums)));
        } catch (java.nio.file.NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException | MalformedException | CheckedMemory.StaleCacheException unreadable) {
            drop(name);
            return Optional.empty();
        }
    }

    /** Removes the copy of a segment. */
    void drop(ObjectName name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException impossible) {
            throw unusable(impossible);
        }
    }

    /** Fetches a segment and maps it. */
    IndexSegment fetch(ObjectStore store, ObjectName name, byte[] indexKey, byte[] repository) {
        Path temporary = temporary();
        try {
            try (FileChannel channel = create(temporary)) {
                SegmentObject.read(store, name, indexKey, repository, (bytes, length) -> {
                    ByteBuffer piece = ByteBuffer.wrap(bytes, 0, length);
                    while (piece.hasRemaining()) {
                        channel.write(piece);
                    }
                });
                addSums(channel);
            }
            Files.move(temporary, file(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw unusable(failed);
        } finally {
            discard(temporary);
        }
        return find(name)
                .orElseThrow(() -> ErrorCode.OBJECT_DAMAGED
                        .because("it is no index segment")
                        .with("object", name));
    }

    /** A new plain segment in a file of its own. */
    static final class Draft implements AutoCloseable {

        private final Path file;
        private MemorySegment memory;

        private Draft(Path file, MemorySegment memory) {
            this.file = file;
            this.memory = memory;
        }

        MemorySegment memory() {
            return memory;
        }

        /** Cuts off what was not needed. */
        void shorten(long length) {
            memory = memory.asSlice(0, length);
        }

        @Override
        public void close() {
            discard(file);
        }
    }

    /** Room for a new segment; zeros. */
    Draft draft(long length) {
        Path temporary = temporary();
        try (FileChannel channel = create(temporary)) {
            reserve(channel, length);
            return new Draft(temporary, channel.map(MapMode.READ_WRITE, 0, length, Arena.ofAuto()));
        } catch (IOException failed) {
            discard(temporary);
            throw unusable(failed);
        }
    }

    /** Without its blocks a mapped file on a full device would fail in the middle of a store to memory. */
    private static void reserve(FileChannel channel, long length) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(1 << 20, length));
        for (long at = 0; at < length; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), length - at));
            at += channel.write(zeros, at);
        }
    }

    /** Keeps a finished draft under a segment's name and maps it. */
    IndexSegment keep(Draft draft, ObjectName name) {
        long length = draft.memory().byteSize();
        try (FileChannel channel = FileChannel.open(draft.file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.truncate(length);
            addSums(channel);
            Files.move(draft.file, file(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw unusable(failed);
        }
        return find(name).orElseThrow(() -> new UncheckedIOException(new IOException("a cache file vanished")));
    }

    private static void addSums(FileChannel channel) throws IOException {
        long length = channel.size();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = channel.map(MapMode.READ_ONLY, 0, length, arena);
            int blocks = CheckedMemory.blocks(length);
            MemorySegment sums = arena.allocate(4L * blocks + 4, 4);
            for (int block = 0; block < blocks; block++) {
                sums.set(JAVA_INT_UNALIGNED, 4L * block, CheckedMemory.sum(memory, block));
            }
            sums.set(JAVA_INT_UNALIGNED, 4L * blocks, blocks);
            ByteBuffer bytes = sums.asByteBuffer();
            long at = length;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        }
    }

    /** Removes the copies of segments that are no longer live. */
    void keepOnly(Set<ObjectName> live) {
        each(file -> {
            String name = file.getFileName().toString();
            boolean kept = live.stream().anyMatch(segment -> file(segment).equals(file));
            if (name.endsWith(SUFFIX) && !kept) {
                discard(file);
            }
        });
    }

    private void each(Consumer<Path> visitor) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            files.forEach(visitor);
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    private Path temporary() {
        return folder.resolve(".tmp-" + UUID.randomUUID());
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException best) {
            // Only tidying; it lies in our own cache.
        }
    }
}
