package org.medbackup.engine.internal.browse;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.engine.Difference;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.tree.Attributes;
import org.medbackup.engine.internal.tree.Node;
import org.medbackup.engine.internal.tree.PageSource;
import org.medbackup.engine.internal.tree.TreeReader;

/** Steps through two trees side by side; leaves that both have are passed over unread. */
public final class TreeDiff {

    private TreeDiff() {}

    /** Names every difference, in the order of the paths. */
    public static void each(PageSource source, ChunkId before, ChunkId after, Consumer<Difference> visitor) {
        if (before.equals(after)) {
            return;
        }
        TreeReader.Cursor left = new TreeReader(source, before).from(PathBytes.ROOT);
        TreeReader.Cursor right = new TreeReader(source, after).from(PathBytes.ROOT);
        Node a = left.next();
        Node b = right.next();
        while (a != null || b != null) {
            int order = order(a, b);
            if (order < 0 && a != null) {
                visitor.accept(difference(a, Difference.Kind.REMOVED, a.size(), 0));
                a = left.next();
            } else if (order > 0 && b != null) {
                visitor.accept(difference(b, Difference.Kind.ADDED, 0, b.size()));
                b = right.next();
            } else if (a != null && b != null) {
                compare(a, b, visitor);
                TreeReader.Cursor.skipShared(left, right);
                a = left.next();
                b = right.next();
            }
        }
    }

    private static int order(@Nullable Node a, @Nullable Node b) {
        if (a == null) {
            return 1;
        }
        return b == null ? -1 : a.path().compareTo(b.path());
    }

    private static void compare(Node a, Node b, Consumer<Difference> visitor) {
        boolean sameContent = a.type() == b.type() && a.size() == b.size() && a.crc() == b.crc();
        if (!sameContent) {
            visitor.accept(difference(b, Difference.Kind.CONTENT, a.size(), b.size()));
        } else if (!java.util.Arrays.equals(a.attributes(), b.attributes())
                && !lasting(a).equals(lasting(b))) {
            visitor.accept(difference(b, Difference.Kind.ATTRIBUTES, a.size(), b.size()));
        }
    }

    /** What a restore brings back; a new inode under the same name is no difference. */
    private static String lasting(Node node) {
        Attributes all = node.decodedAttributes();
        var text = new StringBuilder();
        text.append(all.permissions()).append(' ').append(all.uid()).append(' ').append(all.gid());
        text.append(' ')
                .append(all.modified())
                .append(' ')
                .append(all.special())
                .append(' ')
                .append(all.flags());
        text.append(' ').append(PathBytes.copyOf(all.symlink()));
        all.extended()
                .forEach((name, value) ->
                        text.append(' ').append(name).append('=').append(PathBytes.copyOf(value)));
        return text.toString();
    }

    private static Difference difference(Node node, Difference.Kind kind, long before, long after) {
        return new Difference(PathBytes.of("/").resolve(node.path()).toString(), kind, before, after);
    }
}
