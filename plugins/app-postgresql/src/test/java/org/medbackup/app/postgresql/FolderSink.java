package org.medbackup.app.postgresql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.app.CopySink;

/**
 * Stands for the engine and its restore in one: copies what it is given below a folder, with owner, group and permissions,
 * entries in the order of their names.
 */
public final class FolderSink implements CopySink {

    private final Path root;
    private final List<String> order = new ArrayList<>();
    private Consumer<String> before = path -> {};
    private Consumer<String> after = path -> {};
    private Map<String, String> previous = Map.of();

    public FolderSink(Path root) {
        this.root = root;
    }

    /** Evidence of the restore point before. */
    public FolderSink following(Map<String, String> evidence) {
        previous = evidence;
        return this;
    }

    @Override
    public Map<String, String> before() {
        return previous;
    }

    /** What happens before a path is taken. */
    public FolderSink before(Consumer<String> action) {
        before = action;
        return this;
    }

    /** What happens after a file was taken. */
    public FolderSink after(Consumer<String> action) {
        after = action;
        return this;
    }

    /** The files in the order in which they came. */
    public List<String> order() {
        return order;
    }

    public Path at(String path) {
        return root.resolve(path.substring(1));
    }

    @Override
    public void tree(TreeCopy copy) {
        try {
            folder(copy.source(), copy.as());
            below(copy, PathBytes.ROOT);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void below(TreeCopy copy, PathBytes folder) throws IOException {
        List<Path> entries;
        try (Stream<Path> all = Files.list(copy.source().resolve(folder.toString()))) {
            entries = all.sorted().toList();
        } catch (NoSuchFileException vanished) {
            return;
        }
        for (Path entry : entries) {
            PathBytes below = folder.resolve(PathBytes.of(entry.getFileName().toString()));
            boolean isFolder = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
            Choice choice = copy.selection().choose(below, isFolder);
            if (choice == Choice.OMIT) {
                continue;
            }
            PathBytes as = copy.as().resolve(below);
            if (!isFolder) {
                take(entry, as);
            } else {
                folder(entry, as);
                if (choice == Choice.TAKE) {
                    below(copy, below);
                }
            }
        }
    }

    private void folder(Path source, PathBytes as) throws IOException {
        Path target = Files.createDirectories(at(as.toString()));
        attributes(source, target);
    }

    private void take(Path source, PathBytes as) throws IOException {
        before.accept(as.toString());
        Path target = at(as.toString());
        Files.createDirectories(target.getParent());
        try {
            Files.copy(source, target, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.REPLACE_EXISTING);
            attributes(source, target);
        } catch (NoSuchFileException vanished) {
            return;
        }
        order.add(as.toString());
        after.accept(as.toString());
    }

    private static void attributes(Path source, Path target) throws IOException {
        PosixFileAttributes from = Files.readAttributes(source, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        var to = Files.getFileAttributeView(target, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        to.setOwner(from.owner());
        to.setGroup(from.group());
        if (!from.isSymbolicLink()) {
            to.setPermissions(from.permissions());
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
        before.accept(as.toString());
        try {
            Path target = Files.write(at(as.toString()), content);
            attributes(at(attributesOf.toString()), target);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        order.add(as.toString());
        after.accept(as.toString());
    }

    @Override
    public void stream(PathBytes as, InputStream content, StreamAttributes attributes, Cut cut) {
        before.accept(as.toString());
        try {
            Path target = at(as.toString());
            Files.createDirectories(target.getParent());
            Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(target, permissions(attributes.mode()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        order.add(as.toString());
        after.accept(as.toString());
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        // The constants are declared in the order of the bits, the owner's first.
        List<PosixFilePermission> bits = List.of(PosixFilePermission.values());
        return bits.stream()
                .filter(each -> (mode >> (8 - bits.indexOf(each)) & 1) == 1)
                .collect(Collectors.toSet());
    }

    public String text(String path) {
        try {
            return Files.readString(at(path), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
