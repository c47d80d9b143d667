package org.medbackup.engine.internal.retain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.index.Location;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.log.LocalState;
import org.medbackup.engine.internal.pack.PackKind;
import org.medbackup.engine.internal.place.PlacementClass;
import org.medbackup.engine.internal.place.PlacementClasses;
import org.medbackup.engine.internal.read.ChunkReader;
import org.medbackup.engine.internal.tree.ReferencePage;

/**
 * Of which retention classes restore points hold data, by their reference pages and the packs that the index names. A restore
 * point does not change, so this machine remembers it: numbers alone, under a checksum with the repository's key. Used by one
 * thread; to be closed.
 */
public final class PointClasses implements AutoCloseable {

    private static final int NUMBERS = 256 / Byte.SIZE;

    private final RepositoryCore core;
    private final Findings findings;
    private final PlacementClasses classes;
    private final Slots slots;
    private final Map<ChunkId, BitSet> walked = new HashMap<>();
    private @Nullable ChunkReader reader;

    /** Those of a repository. */
    public PointClasses(RepositoryCore core, Findings findings) {
        this.core = core;
        this.findings = findings;
        this.classes = core.placements(findings);
        this.slots = core.slots(findings);
    }

    /**
     * Names of the classes in which a restore point holds data that a policy has placed; empty where nobody can tell, since
     * what it needs cannot be read.
     *
     * @param id of it
     */
    public Optional<Set<String>> of(String id) {
        try {
            BitSet numbers = remembered(id);
            if (numbers == null) {
                ChunkId root = slots.read(id)
                        .orElseThrow(() -> ErrorCode.OBJECT_MISSING.because("a restore point is not there"))
                        .open()
                        .references();
                numbers = walk(root);
                remember(id, numbers);
            }
            return names(numbers);
        } catch (DamageException unreadable) {
            findings.add(Slots.slot(id), unreadable);
            return Optional.empty();
        }
    }

    private Optional<Set<String>> names(BitSet numbers) {
        Set<String> names = new HashSet<>();
        for (int number = numbers.nextSetBit(1); number >= 0; number = numbers.nextSetBit(number + 1)) {
            Optional<PlacementClass> placed = classes.of(number);
            if (placed.isEmpty()) {
                return Optional.empty();
            }
            names.add(placed.get().retention());
        }
        return Optional.of(names);
    }

    private BitSet walk(ChunkId id) {
        BitSet before = walked.get(id);
        if (before != null) {
            return before;
        }
        ChunkReader from = reader();
        ReferencePage page;
        try {
            page = ReferencePage.decode(from.read(id));
        } catch (MalformedException malformed) {
            throw ErrorCode.OBJECT_DAMAGED.because("a reference page is malformed", malformed);
        }
        var numbers = new BitSet();
        for (ChunkId chunk : page.chunks()) {
            List<Location> places = from.index().locate(chunk);
            if (places.isEmpty()) {
                throw ErrorCode.CHUNK_MISSING
                        .because("a restore point names it")
                        .with("chunk", chunk);
            }
            places.stream()
                    .map(Location::pack)
                    .filter(pack -> pack.kind() == PackKind.DATA)
                    .forEach(pack -> numbers.set(pack.placement()));
        }
        page.children().forEach(child -> numbers.or(walk(child)));
        walked.put(id, numbers);
        return numbers;
    }

    private ChunkReader reader() {
        ChunkReader there = reader;
        if (there == null) {
            there = new ChunkReader(core, core.openIndex(findings), findings);
            reader = there;
        }
        return there;
    }

    private Path file(String id) {
        return core.cacheFolder().resolve("classes").resolve(id);
    }

    private @Nullable BitSet remembered(String id) {
        try {
            byte[] bytes = Files.readAllBytes(file(id));
            byte[] numbers = Arrays.copyOf(bytes, NUMBERS);
            boolean ours = bytes.length == NUMBERS + Crypto.KEY
                    && Arrays.equals(sum(id, numbers), 0, Crypto.KEY, bytes, NUMBERS, bytes.length);
            return ours ? BitSet.valueOf(numbers) : null;
        } catch (IOException absent) {
            return null;
        }
    }

    private void remember(String id, BitSet numbers) {
        Path file = file(id);
        byte[] bytes = Arrays.copyOf(Arrays.copyOf(numbers.toByteArray(), NUMBERS), NUMBERS + Crypto.KEY);
        System.arraycopy(sum(id, Arrays.copyOf(bytes, NUMBERS)), 0, bytes, NUMBERS, Crypto.KEY);
        try {
            Path folder = Files.createDirectories(file.getParent());
            Path written = Files.createTempFile(folder, "new", "");
            Files.write(written, bytes);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException full) {
            throw LocalState.unusable("what is known of restore points", full);
        }
    }

    private byte[] sum(String id, byte[] numbers) {
        return Crypto.hmac(
                core.keys().indexKey(),
                new ByteWriter()
                        .text("mb/cache/classes/v1")
                        .text(id)
                        .raw(numbers)
                        .toBytes());
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
