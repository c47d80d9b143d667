package org.medbackup.store.sftp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;

/**
 * The objects below a folder whose name begins with a prefix, in order; what has another name is passed over. No
 * conversation is held while the visitor works.
 */
record Listing(Sessions sessions, String root, String prefix, Consumer<ObjectInfo> visitor) {

    void visit() throws IOException {
        int slash = prefix.lastIndexOf('/');
        visit(slash < 0 ? "" : prefix.substring(0, slash));
    }

    private void visit(String folder) throws IOException {
        for (Item item : items(folder)) {
            boolean inside = item.name.startsWith(prefix);
            if (item.folder && (inside || prefix.startsWith(item.name + "/"))) {
                visit(item.name);
            } else if (!item.folder && inside) {
                visitor.accept(new ObjectInfo(ObjectName.of(item.name), item.length));
            }
        }
    }

    private record Item(String name, boolean folder, long length) {

        /** The order of the names below: a folder's names begin with its own and a slash. */
        String key() {
            return folder ? name + "/" : name;
        }
    }

    private List<Item> items(String folder) throws IOException {
        String path = folder.isEmpty() ? root : root + "/" + folder;
        List<SftpSession.Entry> entries = sessions.with(session -> session.entries(path.isEmpty() ? "/" : path));
        List<Item> items = new ArrayList<>();
        if (entries != null) {
            for (SftpSession.Entry entry : entries) {
                String full = (folder.isEmpty() ? "" : folder + "/") + entry.name();
                if (ObjectName.isName(full)) {
                    items.add(new Item(full, entry.node().folder(), entry.node().length()));
                }
            }
        }
        items.sort(Comparator.comparing(Item::key));
        return items;
    }
}
