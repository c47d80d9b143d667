package org.medbackup.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.app.CopySink;

/**
 * Stands for the engine and its restore in one: copies what it is given below a folder, where the file of an original path
 * lies under that same path. For one thread at a time.
 */
public final class CopiedFolder implements CopySink {

    private final Path root;
    private final Runnable between;
    private final List<String> order = new ArrayList<>();
    private Map<String, String> before = Map.of();

    /**
     * A copy that is empty.
     *
     * @param root where it lies
     * @param between happens after each file
     */
    public CopiedFolder(Path root, Runnable between) {
        this.root = root;
        this.between = between;
    }

    /** The files in the order in which they came. */
    public List<String> order() {
        return List.copyOf(order);
    }

    /** Where a folder of the original lies in the copy. */
    public Path at(Path original) {
        return original.getNameCount() == 0 ? root : root.resolve(original.subpath(0, original.getNameCount()));
    }

    @Override
    public void tree(TreeCopy copy) {
        try {
            Files.createDirectories(at(Path.of(copy.as().toString())));
            below(copy, PathBytes.ROOT);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void below(TreeCopy copy, PathBytes folder) throws IOException {
        List<Path> entries;
        try (Stream<Path> all = Files.list(copy.source().resolve(folder.toString()))) {
            entries = all.sorted().toList();
        }
        for (Path entry : entries) {
            PathBytes below = folder.resolve(PathBytes.of(entry.getFileName().toString()));
            boolean isFolder = Files.isDirectory(entry);
            Choice choice = copy.selection().choose(below, isFolder);
            if (choice == Choice.FOLDER_ONLY) {
                Files.createDirectories(at(Path.of(copy.as().resolve(below).toString())));
            } else if (choice == Choice.TAKE && isFolder) {
                below(copy, below);
            } else if (choice == Choice.TAKE) {
                take(entry, copy.as().resolve(below));
            }
        }
    }

    private void take(Path source, PathBytes as) throws IOException {
        Path target = at(Path.of(as.toString()));
        Files.createDirectories(target.getParent());
        try {
            Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException vanished) {
            return;
        }
        order.add(as.toString());
        between.run();
    }

    /** Text of a file in the copy. */
    public String text(Path original) {
        try {
            return Files.readString(at(original));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void file(Path source, PathBytes as, Cut cut) {
        try {
            take(source, as);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void content(PathBytes as, byte[] content, PathBytes attributesOf) {
        try {
            Path target = at(Path.of(as.toString()));
            Files.createDirectories(target.getParent());
            Files.write(target, content);
            requireThere(attributesOf);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        order.add(as.toString());
    }

    private void requireThere(PathBytes path) {
        if (!Files.exists(at(Path.of(path.toString())))) {
            throw new IllegalStateException("attributes of a path that is not in the restore point");
        }
    }

    @Override
    public void stream(PathBytes as, InputStream content, StreamAttributes attributes, Cut cut) {
        try {
            content(as, content.readAllBytes(), as);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The text of all files whose path has a part and an end. */
    public String texts(String part, String end) {
        try (Stream<Path> all = Files.walk(root)) {
            var text = new StringBuilder();
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                if (each.toString().contains(part) && each.toString().endsWith(end)) {
                    text.append(Files.readString(each));
                }
            }
            return text.toString();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Loses files whose path has a part and an end. */
    public void remove(String part, String end) {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                if (each.toString().contains(part) && each.toString().endsWith(end)) {
                    Files.delete(each);
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What the restore point before says. */
    public CopiedFolder after(Map<String, String> facts) {
        before = facts;
        return this;
    }

    @Override
    public Map<String, String> before() {
        return before;
    }
}
