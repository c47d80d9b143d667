package org.medbackup.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.app.CopySink;

/** A sink that reads the files of small trees, by their paths in the restore point. For one thread. */
public final class ReadCopies implements CopySink {

    private final Map<String, String> files = new TreeMap<>();

    /** A sink to which nothing was handed over yet. */
    public ReadCopies() {}

    /** The content of each file. */
    public Map<String, String> files() {
        return Map.copyOf(files);
    }

    @Override
    public void tree(TreeCopy copy) {
        try (Stream<Path> all = Files.walk(copy.source())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                PathBytes below = PathBytes.of(copy.source().relativize(file).toString());
                if (isTaken(copy, below)) {
                    files.put(copy.as() + "/" + below, Files.readString(file));
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static boolean isTaken(TreeCopy copy, PathBytes below) {
        String path = below.toString();
        for (int end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
            if (copy.selection().choose(PathBytes.of(path.substring(0, end)), true) != Choice.TAKE) {
                return false;
            }
        }
        return copy.selection().choose(below, false) == Choice.TAKE;
    }

    @Override
    public void file(Path source, PathBytes as, Cut cut) {
        try {
            files.put(as.toString(), Files.readString(source));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void content(PathBytes as, byte[] content, PathBytes attributesOf) {
        files.put(as.toString(), new String(content, java.nio.charset.StandardCharsets.UTF_8));
    }

    @Override
    public void stream(PathBytes as, InputStream content, StreamAttributes attributes, Cut cut) {
        try {
            content(as, content.readAllBytes(), as);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
