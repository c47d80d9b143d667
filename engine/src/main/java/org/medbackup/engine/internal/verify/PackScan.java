package org.medbackup.engine.internal.verify;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.pack.PackEntry;
import org.medbackup.engine.internal.pack.PackReader;
import org.medbackup.engine.internal.read.ChunkReader;
import org.medbackup.engine.internal.read.OpenPack;

/**
 * Reads a pack once from its beginning to its end: sums it up, and looks at each record as it passes. Without keys to the
 * data a record is held against its CRC; with them it is opened and its chunk named. Used by one thread.
 */
final class PackScan {

    private static final int PIECE = 1 << 20;

    private final ObjectStore store;
    private final PackReader packs;
    private final ChunkReader reader;
    private final Index index;
    private final Damages damages;
    private final boolean opens;
    private byte[] buffer = new byte[6 * PIECE];

    /**
     * A scan.
     *
     * @param opens whether records are opened
     */
    PackScan(ObjectStore store, PackReader packs, ChunkReader reader, Index index, Damages damages, boolean opens) {
        this.store = store;
        this.packs = packs;
        this.reader = reader;
        this.index = index;
        this.damages = damages;
        this.opens = opens;
    }

    /** Looks at a pack; gives the number of its chunks. */
    int scan(PackRecord pack) {
        ObjectName name = pack.name();
        List<PackEntry> entries;
        try {
            entries = new ArrayList<>(packs.describe(name).directory().entries());
        } catch (DamageException damaged) {
            damages.add(name, damaged);
            addAllOf(name);
            return 0;
        }
        entries.sort(Comparator.comparingLong(PackEntry::offset));
        OpenPack open = opens ? open(pack) : null;
        try {
            stream(name, pack.length(), open, new ArrayDeque<>(entries));
        } catch (DamageException damaged) {
            damages.add(name, damaged);
            entries.forEach(entry -> damages.addChunk(name, entry.id()));
        }
        return entries.size();
    }

    /** A pack that does not tell what it holds: the index does. */
    private void addAllOf(ObjectName name) {
        index.eachPack(known -> {
            if (known.name().equals(name)) {
                index.eachChunkOf(known, (id, stored) -> damages.addMissing(name, id));
            }
        });
    }

    private @Nullable OpenPack open(PackRecord pack) {
        try {
            return reader.open(pack);
        } catch (DamageException damaged) {
            damages.add(pack.name(), damaged);
            return null;
        }
    }

    private void stream(ObjectName name, long length, @Nullable OpenPack open, Deque<PackEntry> entries) {
        MessageDigest digest = Crypto.sha256();
        long start = 0;
        int filled = 0;
        long next = 0;
        while (next < length) {
            int wanted = (int) Math.min(PIECE, length - next);
            ensure(filled + wanted);
            read(name, next, filled, wanted);
            digest.update(buffer, filled, wanted);
            filled += wanted;
            next += wanted;
            while (!entries.isEmpty()
                    && entries.element().offset() + entries.element().storedLength() <= next) {
                PackEntry entry = entries.remove();
                look(name, open, entry, (int) (entry.offset() - start));
            }
            long keep =
                    entries.isEmpty() ? next : Math.min(next, entries.element().offset());
            System.arraycopy(buffer, (int) (keep - start), buffer, 0, (int) (next - keep));
            filled = (int) (next - keep);
            start = keep;
        }
        if (!name.text().endsWith(java.util.HexFormat.of().formatHex(digest.digest()))) {
            damages.add(name, ErrorCode.OBJECT_DAMAGED, "its SHA-256 is not its name");
        }
    }

    private void ensure(int room) {
        if (room > buffer.length) {
            buffer = java.util.Arrays.copyOf(buffer, Math.max(room, 2 * buffer.length));
        }
    }

    private void read(ObjectName name, long offset, int at, int length) {
        if (store.read(name, offset, ByteBuffer.wrap(buffer, at, length)) != length) {
            throw ErrorCode.OBJECT_DAMAGED.because("it is shorter than the index says");
        }
    }

    private void look(ObjectName name, @Nullable OpenPack open, PackEntry entry, int at) {
        boolean right;
        if (opens) {
            right = open != null && opens(open, entry, at);
        } else {
            var crc = new CRC32C();
            crc.update(buffer, at, entry.storedLength());
            right = (int) crc.getValue() == entry.crc();
        }
        if (!right) {
            damages.addChunk(name, entry.id());
        }
    }

    private boolean opens(OpenPack open, PackEntry entry, int at) {
        try {
            return reader.open(open, entry, buffer, at).length == entry.plainLength();
        } catch (BackupException damaged) {
            return false;
        }
    }
}
