package org.medbackup.engine.internal.browse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.function.Consumer;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.Entry;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.read.ChunkReader;
import org.medbackup.engine.internal.scan.Exclusions;
import org.medbackup.engine.internal.tree.Attributes;
import org.medbackup.engine.internal.tree.Extent;
import org.medbackup.engine.internal.tree.Node;
import org.medbackup.engine.internal.tree.NodeType;
import org.medbackup.engine.internal.tree.TreeReader;

/** Lists entries and reads single files of one restore point. */
public final class Browser {

    private final ChunkReader reader;
    private final TreeReader tree;

    public Browser(ChunkReader reader, ChunkId root) {
        this.reader = reader;
        this.tree = new TreeReader(reader, root);
    }

    /**
     * Lists what is at a path: the entry itself where it is no folder, otherwise what lies in it.
     *
     * @param path key of the tree
     * @param recursive whether what lies deeper is listed too
     */
    public void list(PathBytes path, boolean recursive, Consumer<Entry> visitor) {
        if (!path.isRoot()) {
            Node node = require(path);
            if (node.type() != NodeType.FOLDER) {
                visitor.accept(entry(node));
                return;
            }
        }
        TreeReader.Cursor cursor = tree.from(path);
        for (Node node = cursor.next(); node != null && node.path().isWithin(path); node = cursor.next()) {
            boolean child = !node.path().isRoot() && node.path().parent().equals(path);
            if (!node.path().equals(path) && (recursive || child)) {
                visitor.accept(entry(node));
            }
            if (child && !recursive && node.type() == NodeType.FOLDER) {
                // What lies in it sorts right behind it; the next name at this level comes after all of that.
                cursor = tree.from(behind(node.path()));
            }
        }
    }

    /** The first key behind everything that lies below a folder: a byte above the separator follows its name. */
    private static PathBytes behind(PathBytes folder) {
        byte[] bytes = java.util.Arrays.copyOf(folder.bytes(), folder.length() + 1);
        bytes[bytes.length - 1] = 1;
        return PathBytes.copyOf(bytes);
    }

    private Node require(PathBytes path) {
        return tree.find(path)
                .orElseThrow(() -> ErrorCode.PATH_NOT_IN_SNAPSHOT
                        .because("it is not in it")
                        .about(PathBytes.of("/").resolve(path)));
    }

    /** Writes a file's content, holes as zeros. */
    public void dump(PathBytes path, WritableByteChannel target) throws IOException {
        Node node = require(path);
        if (node.type() != NodeType.FILE) {
            throw ErrorCode.PATH_NOT_IN_SNAPSHOT.because("the path names no regular file");
        }
        var writer = new Writer(target);
        tree.extents(node.content(), extents -> extents.forEach(writer::write));
        writer.zerosUntil(node.size());
    }

    /** Visits the entries whose paths match; what was only on the way to a backed-up path is not looked at. */
    public void search(Exclusions patterns, Consumer<Entry> visitor) {
        TreeReader.Cursor cursor = tree.from(PathBytes.ROOT);
        for (Node node = cursor.next(); node != null; node = cursor.next()) {
            if (!node.ancestor() && patterns.exclude(node.path())) {
                visitor.accept(entry(node));
            }
        }
    }

    private final class Writer {

        private final WritableByteChannel target;
        private long at;
        private ChunkId held = ChunkId.of(new byte[ChunkId.LENGTH]);
        private byte[] chunk = new byte[0];

        Writer(WritableByteChannel target) {
            this.target = target;
        }

        void write(Extent extent) {
            zerosUntil(extent.fileOffset());
            if (!held.equals(extent.chunk())) {
                chunk = reader.read(extent.chunk());
                held = extent.chunk();
            }
            if (extent.chunkOffset() + extent.length() > chunk.length) {
                throw ErrorCode.OBJECT_DAMAGED.because("an extent goes beyond its chunk");
            }
            put(ByteBuffer.wrap(chunk, (int) extent.chunkOffset(), (int) extent.length()));
        }

        void zerosUntil(long end) {
            while (at < end) {
                put(ByteBuffer.allocate((int) Math.min(1 << 16, end - at)));
            }
        }

        private void put(ByteBuffer bytes) {
            at += bytes.remaining();
            try {
                while (bytes.hasRemaining()) {
                    target.write(bytes);
                }
            } catch (IOException closed) {
                throw ErrorCode.TARGET_UNUSABLE.because("whoever takes the content does not take more", closed);
            }
        }
    }

    private static Entry entry(Node node) {
        Attributes attributes = node.decodedAttributes();
        return new Entry(
                PathBytes.of("/").resolve(node.path()).toString(),
                Entry.Type.valueOf(node.type().name()),
                node.size(),
                attributes.permissions(),
                attributes.uid(),
                attributes.gid(),
                name(attributes.user(), attributes.uid()),
                name(attributes.group(), attributes.gid()),
                attributes.modified().instant(),
                PathBytes.copyOf(attributes.symlink()).toString());
    }

    private static String name(String name, int id) {
        return name.isEmpty() ? Integer.toUnsignedString(id) : name;
    }
}
