package org.medbackup.engine.internal.verify;

import java.util.List;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.index.IdTable;
import org.medbackup.engine.internal.read.ChunkReader;
import org.medbackup.engine.internal.tree.Content;
import org.medbackup.engine.internal.tree.Extent;
import org.medbackup.engine.internal.tree.Node;
import org.medbackup.engine.internal.tree.Page;

/**
 * Walks the pages of restore points and finds every path that needs a chunk which no pack gives. Pages that restore
 * points share are looked at once, unless something below them is lost. Used by one thread.
 */
final class TreeCheck {

    private final ChunkReader reader;
    private final ChunkPresence presence;
    private final IdTable clean = new IdTable();
    private String snapshot = "";

    TreeCheck(ChunkReader reader, ChunkPresence presence) {
        this.reader = reader;
        this.presence = presence;
    }

    /** Looks at a restore point. */
    void check(String id, ChunkId root) {
        snapshot = id;
        page(root, PathBytes.ROOT);
    }

    /** Whether all below a page can be restored. */
    private boolean page(ChunkId id, PathBytes first) {
        if (clean.contains(id)) {
            return true;
        }
        boolean whole;
        try {
            whole = switch (reader.page(id)) {
                case Page.Leaf leaf -> all(leaf.nodes());
                case Page.Inner inner -> inner(inner);
                default -> throw ErrorCode.OBJECT_DAMAGED.because("a page is not of a tree");
            };
        } catch (BackupException lost) {
            // The names below it are lost with it; the first of them is known from the page above.
            lose(id, first);
            return false;
        }
        if (whole) {
            presence.count();
            clean.add(id);
        }
        return whole;
    }

    private boolean inner(Page.Inner inner) {
        boolean whole = true;
        for (Page.Child child : inner.children()) {
            whole &= page(child.page(), child.first());
        }
        return whole;
    }

    private boolean all(List<Node> nodes) {
        boolean whole = true;
        for (Node node : nodes) {
            whole &= content(node);
        }
        return whole;
    }

    private boolean content(Node node) {
        return switch (node.content()) {
            case Content.Inline inline -> extents(inline.extents(), node.path());
            case Content.Paged paged -> {
                boolean whole = true;
                for (ChunkId page : paged.pages()) {
                    whole &= extentPage(page, node.path());
                }
                yield whole;
            }
        };
    }

    private boolean extentPage(ChunkId id, PathBytes path) {
        if (clean.contains(id)) {
            return true;
        }
        boolean whole;
        try {
            whole = switch (reader.page(id)) {
                case Page.Extents page -> extents(page.extents(), path);
                case Page.ExtentPages page -> {
                    boolean all = true;
                    for (ChunkId below : page.pages()) {
                        all &= extentPage(below, path);
                    }
                    yield all;
                }
                default -> throw ErrorCode.OBJECT_DAMAGED.because("a page is not of extents");
            };
        } catch (BackupException lost) {
            lose(id, path);
            return false;
        }
        if (whole) {
            clean.add(id);
        }
        return whole;
    }

    private boolean extents(List<Extent> extents, PathBytes path) {
        boolean whole = true;
        for (Extent extent : extents) {
            if (!presence.isGiven(extent.chunk())) {
                lose(extent.chunk(), path);
                whole = false;
            }
        }
        return whole;
    }

    private void lose(ChunkId id, PathBytes path) {
        presence.lose(id, snapshot, PathBytes.of("/").resolve(path).toString());
    }
}
