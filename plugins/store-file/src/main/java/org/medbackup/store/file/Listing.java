package org.medbackup.store.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;

/** The objects below a folder whose name begins with a prefix, in order; what has another name is passed over. */
record Listing(Path root, String prefix, Consumer<ObjectInfo> visitor) {

    void visit() throws IOException {
        int slash = prefix.lastIndexOf('/');
        String folder = slash < 0 ? "" : prefix.substring(0, slash);
        visit(folder.isEmpty() ? root : root.resolve(folder), folder);
    }

    private void visit(Path folder, String name) throws IOException {
        for (Entry entry : entries(folder, name)) {
            boolean inside = entry.name.startsWith(prefix);
            if (entry.folder && (inside || prefix.startsWith(entry.name + "/"))) {
                visit(root.resolve(entry.name), entry.name);
            } else if (!entry.folder && inside) {
                visitor.accept(new ObjectInfo(ObjectName.of(entry.name), entry.length));
            }
        }
    }

    private record Entry(String name, boolean folder, long length) {

        /** The order of the names below: a folder's names begin with its own and a slash. */
        String key() {
            return folder ? name + "/" : name;
        }
    }

    private static List<Entry> entries(Path folder, String name) throws IOException {
        var entries = new ArrayList<Entry>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
            for (Path path : paths) {
                String full = (name.isEmpty() ? "" : name + "/") + path.getFileName();
                if (!ObjectName.isName(full)) {
                    continue;
                }
                try {
                    var attributes = Files.readAttributes(path, BasicFileAttributes.class);
                    entries.add(new Entry(full, attributes.isDirectory(), attributes.size()));
                } catch (NoSuchFileException deletedMeanwhile) {
                    // Gone since the folder was read: not there.
                }
            }
        } catch (NoSuchFileException | NotDirectoryException absent) {
            return List.of();
        }
        entries.sort(Comparator.comparing(Entry::key));
        return entries;
    }
}
