package org.medbackup.engine.internal.backup;

import org.jspecify.annotations.Nullable;
import org.medbackup.engine.internal.scan.CacheRecord;
import org.medbackup.engine.internal.tree.ExtentPager;
import org.medbackup.engine.internal.tree.Node;
import org.medbackup.engine.internal.tree.PageStore;
import org.medbackup.engine.internal.tree.TreeBuilder;

/** Builds the tree of a restore point from its entries. Not safe for use by several threads. */
final class TreeSink implements EntrySink {

    private final TreeBuilder builder;
    private final ExtentPager pager;
    private CacheRecord.@Nullable Entry large;

    TreeSink(PageStore pages, byte[] cutKey) {
        builder = new TreeBuilder(pages, cutKey);
        pager = new ExtentPager(pages);
    }

    @Override
    public void add(CacheRecord record) {
        switch (record) {
            case CacheRecord.Entry entry -> {
                if (entry.large()) {
                    large = entry;
                } else {
                    add(entry, entry.size(), entry.crc());
                }
            }
            case CacheRecord.Part part -> pager.add(part.part().extents());
            case CacheRecord.End end -> end(end);
            case CacheRecord.Finish _, CacheRecord.Facts _ -> {
                // Says something of the cache, nothing of the tree.
            }
        }
    }

    private void add(CacheRecord.Entry entry, long size, int crc) {
        pager.add(entry.extents());
        finish(entry, size, crc);
    }

    private void finish(CacheRecord.Entry entry, long size, int crc) {
        ExtentPager.Finished content = pager.finish();
        builder.add(
                new Node(
                        entry.path(), entry.type(), entry.ancestor(), size, crc, entry.attributes(), content.content()),
                content.references());
    }

    private void end(CacheRecord.End end) {
        CacheRecord.Entry entry = large;
        large = null;
        if (entry == null || !end.reusable()) {
            // A file that could not be read to its end is no part of the restore point.
            pager.finish();
        } else {
            finish(entry, end.size(), end.crc());
        }
    }

    /** Ends the tree. */
    TreeBuilder.Root root() {
        return builder.finish();
    }
}
