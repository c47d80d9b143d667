package org.medbackup.app.postgresql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.app.CopySink;

/**
 * Stands for an engine that believes what an application says of its changes: pages that are not named come from the copy
 * before. Counts the pages that differ from that copy all the same.
 */
final class LayeredSink implements CopySink {

    private static final int PAGE = 8192;

    private final FolderSink inner;
    private final Path previous;
    private final Map<String, String> before;
    final List<String> missed = new ArrayList<>();
    long differing;
    long named;

    LayeredSink(Path root, Path previous, Map<String, String> before) {
        this.inner = new FolderSink(root);
        this.previous = previous;
        this.before = before;
    }

    @Override
    public Map<String, String> before() {
        return before;
    }

    @Override
    public void tree(TreeCopy copy) {
        inner.tree(copy);
        Path root = inner.at(copy.as().toString());
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String below = root.relativize(file).toString();
                Path old = previous.resolve(copy.as().toString().substring(1)).resolve(below);
                if (Files.exists(old) && Files.size(old) <= Files.size(file)) {
                    layer(file, old, below, copy.changes().of(PathBytes.of(below)));
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void layer(Path file, Path old, String below, @Nullable List<Range> changed) throws IOException {
        if (changed == null) {
            return;
        }
        byte[] now = Files.readAllBytes(file);
        byte[] then = Files.readAllBytes(old);
        for (int at = 0; at + PAGE <= then.length; at += PAGE) {
            long page = at;
            boolean isNamed =
                    changed.stream().anyMatch(range -> range.from() <= page && page < range.from() + range.length());
            boolean differs = !Arrays.equals(now, at, at + PAGE, then, at, at + PAGE);
            named += isNamed ? 1 : 0;
            differing += differs ? 1 : 0;
            if (differs && !isNamed) {
                missed.add(below + " page " + at / PAGE);
                System.arraycopy(then, at, now, at, PAGE);
            }
        }
        Files.write(file, now);
    }

    @Override
    public void file(Path source, PathBytes as, Cut cut) {
        inner.file(source, as, cut);
    }

    @Override
    public void content(PathBytes as, byte[] content, PathBytes attributesOf) {
        inner.content(as, content, attributesOf);
    }

    @Override
    public void stream(PathBytes as, InputStream content, StreamAttributes attributes, Cut cut) {
        inner.stream(as, content, attributes, cut);
    }
}
