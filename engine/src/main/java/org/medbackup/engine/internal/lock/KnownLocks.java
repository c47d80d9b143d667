package org.medbackup.engine.internal.lock;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.index.IdTable;

/**
 * Which packs this machine has seen locked until the end of a generation, so that a target is asked once a month for each and
 * not after each backup. Losing it costs these questions. A lock never becomes shorter; what somebody took away all the same
 * is found by a report, which asks for all. Used by one thread.
 */
final class KnownLocks implements AutoCloseable {

    private final Path folder;
    private final int now;
    private final Map<Integer, IdTable> known = new HashMap<>();
    private final Map<Integer, List<byte[]>> added = new HashMap<>();

    /**
     * What is known of one target.
     *
     * @param folder for it
     * @param now number of the generation that ends next; what ended before is forgotten
     */
    KnownLocks(Path folder, int now) {
        this.folder = folder;
        this.now = now;
    }

    boolean contains(int generation, byte[] pack) {
        return table(generation).contains(ChunkId.of(pack));
    }

    void add(int generation, byte[] pack) {
        if (table(generation).add(ChunkId.of(pack))) {
            added.computeIfAbsent(generation, none -> new ArrayList<>()).add(pack);
        }
    }

    private IdTable table(int generation) {
        return known.computeIfAbsent(generation, this::read);
    }

    private IdTable read(int generation) {
        var table = new IdTable();
        try (var in = new DataInputStream(Files.newInputStream(file(generation)))) {
            var id = new byte[ChunkId.LENGTH];
            while (true) {
                in.readFully(id);
                table.add(ChunkId.of(id.clone()));
            }
        } catch (NoSuchFileException | EOFException end) {
            return table;
        } catch (IOException unreadable) {
            throw unusable(unreadable);
        }
    }

    private Path file(int generation) {
        return folder.resolve(Integer.toString(generation));
    }

    /** Writes down what was added. */
    @Override
    public void close() {
        try {
            for (Map.Entry<Integer, List<byte[]>> each : added.entrySet()) {
                Files.createDirectories(folder);
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(
                        file(each.getKey()), StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
                    for (byte[] id : each.getValue()) {
                        out.write(id);
                    }
                }
            }
            forget();
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    private void forget() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path each : files) {
                String name = each.getFileName().toString();
                if (name.matches("\\d{1,8}") && Integer.parseInt(name) < now) {
                    Files.deleteIfExists(each);
                }
            }
        } catch (NoSuchFileException none) {
            // Nothing was ever written.
        }
    }

    private static RuntimeException unusable(IOException failed) {
        return ErrorCode.STATE_UNUSABLE.because("what is known of locks cannot be read or written", failed);
    }
}
