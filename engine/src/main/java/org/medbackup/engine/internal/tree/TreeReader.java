package org.medbackup.engine.internal.tree;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.chunk.ChunkId;

/** Reads a tree, page by page. Safe for use by several threads where its source is. */
public final class TreeReader {

    private static final int DEEPEST = 64;

    private final PageSource source;
    private final ChunkId root;

    public TreeReader(PageSource source, ChunkId root) {
        this.source = source;
        this.root = root;
    }

    /** Entries in the order of their paths, from the first that is not below a key. */
    public Cursor from(PathBytes key) {
        return new Cursor(key);
    }

    /** The entry of a path, empty where there is none. */
    public Optional<Node> find(PathBytes path) {
        Node node = from(path).next();
        return node != null && node.path().equals(path) ? Optional.of(node) : Optional.empty();
    }

    /** Steps through entries. Not safe for use by several threads. */
    public final class Cursor {

        private final Deque<List<Page.Child>> open = new ArrayDeque<>();
        private final PathBytes from;
        private List<Node> leaf = List.of();
        private int place;

        private Cursor(PathBytes from) {
            this.from = from;
            descend(root);
            while (place < leaf.size() && leaf.get(place).path().compareTo(from) < 0) {
                place++;
            }
        }

        private void descend(ChunkId id) {
            if (open.size() > DEEPEST) {
                throw ErrorCode.OBJECT_DAMAGED.because("a tree is too deep");
            }
            switch (source.page(id)) {
                case Page.Leaf page -> {
                    leaf = page.nodes();
                    place = 0;
                }
                case Page.Inner page -> {
                    List<Page.Child> children = page.children();
                    if (children.isEmpty()) {
                        throw ErrorCode.OBJECT_DAMAGED.because("a page of a tree is empty");
                    }
                    int chosen = 0;
                    while (chosen + 1 < children.size()
                            && children.get(chosen + 1).first().compareTo(from) <= 0) {
                        chosen++;
                    }
                    open.push(children.subList(chosen + 1, children.size()));
                    descend(children.get(chosen).page());
                }
                default -> throw ErrorCode.OBJECT_DAMAGED.because("a page is not of a tree");
            }
        }

        /** The next entry, or null at the end. */
        public @Nullable Node next() {
            while (place >= leaf.size()) {
                Page.Child sibling = sibling();
                if (sibling == null) {
                    return null;
                }
                skipSibling();
                descend(sibling.page());
            }
            return leaf.get(place++);
        }

        /** The page that comes next when the leaf has been read, or null where none does. */
        private Page.@Nullable Child sibling() {
            while (!open.isEmpty() && open.element().isEmpty()) {
                open.pop();
            }
            return open.isEmpty() ? null : open.element().getFirst();
        }

        private void skipSibling() {
            List<Page.Child> siblings = open.pop();
            open.push(siblings.subList(1, siblings.size()));
        }

        /** Where both have read a page to its end, passes over the pages that follow and are the same in both. */
        public static void skipShared(Cursor a, Cursor b) {
            while (a.place >= a.leaf.size() && b.place >= b.leaf.size()) {
                Page.Child left = a.sibling();
                Page.Child right = b.sibling();
                if (left == null || right == null || !left.page().equals(right.page())) {
                    return;
                }
                a.skipSibling();
                b.skipSibling();
            }
        }
    }

    /** Visits the extents of a file in order. */
    public void extents(Content content, Consumer<List<Extent>> visitor) {
        switch (content) {
            case Content.Inline inline -> visitor.accept(inline.extents());
            case Content.Paged paged -> paged.pages().forEach(page -> extents(page, 0, visitor));
        }
    }

    private void extents(ChunkId id, int depth, Consumer<List<Extent>> visitor) {
        if (depth > DEEPEST) {
            throw ErrorCode.OBJECT_DAMAGED.because("the pages of a file are too deep");
        }
        switch (source.page(id)) {
            case Page.Extents page -> visitor.accept(page.extents());
            case Page.ExtentPages page -> page.pages().forEach(below -> extents(below, depth + 1, visitor));
            default -> throw ErrorCode.OBJECT_DAMAGED.because("a page is not of extents");
        }
    }
}
