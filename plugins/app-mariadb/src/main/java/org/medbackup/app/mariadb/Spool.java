package org.medbackup.app.mariadb;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * Files that wait on disk until {@code mariadb-backup} has ended: the redo log, which grows all the time, and those that it
 * writes while the server's commits wait for it. Used by one thread, then by another.
 */
final class Spool {

    private final Path folder;
    private final Map<String, OutputStream> open = new LinkedHashMap<>();
    private final SequencedMap<String, Path> files = new LinkedHashMap<>();
    private final SequencedSet<String> complete = new LinkedHashSet<>();

    Spool(Path folder) {
        this.folder = folder;
    }

    /** The disk does not take it. */
    static final class Failure extends IOException {

        private static final long serialVersionUID = 1L;

        Failure(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    void append(String path, byte[] content) throws Failure {
        try {
            write(path, content);
        } catch (IOException failed) {
            throw new Failure(failed);
        }
    }

    private void write(String path, byte[] content) throws IOException {
        OutputStream out = open.get(path);
        if (out == null) {
            // Names of the stream are never names on our disk.
            Path file = folder.resolve(Integer.toString(files.size()));
            out = Files.newOutputStream(file);
            open.put(path, out);
            files.put(path, file);
            complete.remove(path);
        }
        out.write(content);
    }

    void end(String path) throws IOException {
        OutputStream out = open.remove(path);
        if (out != null) {
            out.close();
        } else {
            append(path, new byte[0]);
            end(path);
            return;
        }
        complete.add(path);
    }

    void close() throws IOException {
        for (OutputStream each : open.values()) {
            each.close();
        }
        open.clear();
    }

    /** Complete files and where they lie, in the order in which they began. */
    SequencedMap<String, Path> files() {
        var all = new LinkedHashMap<>(files);
        all.keySet().retainAll(complete);
        return all;
    }

    /** A small text file; empty where it did not come. */
    String text(String path) throws IOException {
        Path file = files().get(path);
        return file == null ? "" : Files.readString(file);
    }
}
