package org.medbackup.engine.internal.backup;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.medbackup.core.PathBytes;
import org.medbackup.engine.internal.scan.CacheRecord;
import org.medbackup.engine.internal.tree.Attributes;
import org.medbackup.engine.internal.tree.NodeType;
import org.medbackup.linux.FileTime;

/**
 * Passes entries on, and puts folders in where an entry's own are missing: what an application hands over may lie in
 * folders that are on no disk. They are for nobody but the owner of that entry, and a restore leaves folders alone that
 * are there already. Not safe for use by several threads.
 */
final class MissingFolders implements EntrySink {

    private static final int PRIVATE = 0700;

    private final List<EntrySink> sinks;
    private final Deque<PathBytes> open = new ArrayDeque<>();

    MissingFolders(List<EntrySink> sinks) {
        this.sinks = List.copyOf(sinks);
    }

    @Override
    public void add(CacheRecord record) {
        if (record instanceof CacheRecord.Entry entry && !entry.path().isRoot()) {
            while (!open.isEmpty() && !entry.path().isWithin(open.element())) {
                open.pop();
            }
            make(entry.path().parent(), entry);
            if (entry.type() == NodeType.FOLDER) {
                open.push(entry.path());
            }
        }
        pass(record);
    }

    private void make(PathBytes folder, CacheRecord.Entry below) {
        if (folder.isRoot() || !open.isEmpty() && open.element().equals(folder)) {
            return;
        }
        make(folder.parent(), below);
        pass(new CacheRecord.Entry(
                folder,
                NodeType.FOLDER,
                true,
                0,
                0,
                false,
                false,
                likeThatOf(Attributes.decode(below.attributes())),
                List.of()));
        open.push(folder);
    }

    private static byte[] likeThatOf(Attributes entry) {
        var never = new FileTime(0, 0);
        return new Attributes(
                        PRIVATE,
                        entry.uid(),
                        entry.gid(),
                        entry.user(),
                        entry.group(),
                        entry.modified(),
                        never,
                        never,
                        0,
                        1,
                        0,
                        0,
                        0,
                        new byte[0],
                        new TreeMap<>())
                .encode();
    }

    private void pass(CacheRecord record) {
        sinks.forEach(sink -> sink.add(record));
    }
}
