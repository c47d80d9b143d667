package org.medbackup.app.postgresql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.medbackup.core.PathBytes;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.app.CopySink.Choice;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.TreeCopy;

/**
 * Hands over a cluster's files while the server runs. They change under our hands; the log that follows heals that.
 *
 * @param data the data directory
 * @param at where a folder of the cluster is read: in itself, or in a snapshot
 * @param alive is run between any two files, and fails when the backup is lost
 * @param changed what has changed since the restore point before
 */
record DataCopy(
        Cluster cluster,
        Path data,
        UnaryOperator<Path> at,
        CopySink sink,
        Runnable alive,
        TimeSource time,
        ChangedPages changed) {

    /** Hands over everything but the log; the control file last. */
    void handOver() {
        tree(data, new DataSelection(at.apply(data), alive), 0);
        DataSelection.EMPTIED.forEach(this::folderInPlaceOfALink);
        for (Cluster.Tablespace each : cluster.tablespaces()) {
            var selection = new DataSelection(at.apply(each.location()), alive);
            tree(
                    each.location(),
                    (below, folder) -> isOfThisVersion(below) ? selection.choose(below, folder) : Choice.OMIT,
                    each.oid());
        }
        alive.run();
        controlFile();
    }

    private boolean isOfThisVersion(PathBytes below) {
        return below.isWithin(PathBytes.of(cluster.tablespaceFolder()));
    }

    private void tree(Path folder, CopySink.Selection selection, long tablespace) {
        alive.run();
        sink.tree(new TreeCopy(at.apply(folder), path(folder), selection, Cut.PAGES, true, changed.in(tablespace)));
    }

    /** Some put {@code pg_wal} onto another disk by a link. A restored server gets a folder instead. */
    private void folderInPlaceOfALink(String name) {
        Path link = data.resolve(name);
        if (!Files.isSymbolicLink(link)) {
            return;
        }
        try {
            sink.tree(new TreeCopy(link.toRealPath(), path(link), (below, folder) -> Choice.OMIT, Cut.CONTENT, true));
        } catch (IOException dangling) {
            throw ErrorCode.APPLICATION_FAILED.because("a link in the data directory leads nowhere", dangling);
        }
    }

    private void controlFile() {
        Path file = ControlFile.in(data);
        try {
            byte[] content = ControlFile.read(at.apply(data), time).content();
            sink.content(path(file), content, path(data.resolve("PG_VERSION")));
        } catch (IOException unreadable) {
            throw ErrorCode.APPLICATION_FAILED.because("the server's control file cannot be read", unreadable);
        }
    }

    /** Debian and others keep the configuration elsewhere; without it a restored server is not the same. */
    List<Path> configuration(Stream<String> files) {
        List<Path> outside = files.map(Path::of)
                .filter(file -> !file.startsWith(data) && Files.isReadable(file) && Files.isRegularFile(file))
                .distinct()
                .sorted()
                .toList();
        outside.forEach(file -> sink.file(file, path(file), Cut.CONTENT));
        return outside;
    }

    PathBytes inData(String name) {
        return path(data.resolve(name));
    }

    static PathBytes path(Path path) {
        return PathBytes.copyOf(path.toString().getBytes(StandardCharsets.UTF_8));
    }
}
