package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Deadline;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.app.CopySink.Choice;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.StreamAttributes;
import org.medbackup.core.spi.app.CopySink.TreeCopy;

/** Folders that stand for a restore point and for snapshots. */
class FoldersTest {

    private static final StreamAttributes ROOTS = new StreamAttributes(0, 0, 0600, Instant.EPOCH);
    private static final Deadline SOON = Deadline.after(new ManualTime(), Duration.ofSeconds(1));

    @TempDir
    Path temp;

    private Path data;
    private final AtomicInteger steps = new AtomicInteger();

    @BeforeEach
    void write() throws IOException {
        data = Files.createDirectories(temp.resolve("data"));
        for (String file : List.of("a/1", "a/2", "log/3", "tmp/4")) {
            Files.createDirectories(data.resolve(file).getParent());
            Files.writeString(data.resolve(file), "before " + file);
        }
    }

    private CopiedFolder copied() {
        var copy = new CopiedFolder(temp.resolve("copy"), steps::incrementAndGet);
        copy.tree(new TreeCopy(
                data,
                PathBytes.of(data.toString()),
                (below, folder) -> switch (below.toString()) {
                    case "log" -> Choice.FOLDER_ONLY;
                    case "tmp" -> Choice.OMIT;
                    default -> Choice.TAKE;
                },
                Cut.CONTENT,
                false));
        return copy;
    }

    @Test
    void aCopyHoldsWhatWasChosenUnderItsOwnPath() {
        CopiedFolder copy = copied();

        assertThat(copy.order()).containsExactly(data + "/a/1", data + "/a/2");
        assertThat(steps).hasValue(2);
        assertThat(copy.text(data.resolve("a/1"))).isEqualTo("before a/1");
        assertThat(copy.at(data.resolve("log"))).isEmptyDirectory();
        assertThat(copy.at(data.resolve("tmp"))).doesNotExist();
        assertThat(copy.at(Path.of("/"))).isEqualTo(temp.resolve("copy"));
    }

    @Test
    void filesContentAndStreamsAreFoundInACopyAndCanBeLost() {
        CopiedFolder copy = copied().after(Map.of("full", "yes"));
        PathBytes folder = PathBytes.of(data.toString());
        copy.file(data.resolve("log/3"), folder.resolve(PathBytes.of("x/3.log")), Cut.CONTENT);
        copy.file(data.resolve("absent"), folder.resolve(PathBytes.of("x/5.log")), Cut.CONTENT);
        copy.content(folder.resolve(PathBytes.of("x/6.log")), new byte[] {'6'}, folder);
        var stream = new ByteArrayInputStream(new byte[] {'7'});
        copy.stream(folder.resolve(PathBytes.of("x/7.log")), stream, ROOTS, Cut.CONTENT);

        assertThat(copy.texts("/x/", ".log").chars().sorted().toArray())
                .isEqualTo("before log/367".chars().sorted().toArray());
        assertThat(copy.before()).containsEntry("full", "yes");
        copy.remove("/x/6", ".log");
        assertThat(copy.texts("/x/6", ".log")).isEmpty();
        assertThatThrownBy(() -> copy.content(folder, new byte[0], PathBytes.of("/absent")))
                .isInstanceOf(RuntimeException.class);
    }

    private void change() {
        try {
            Files.writeString(data.resolve("tmp/4"), "after");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void aSnapshotOfOneInstantDoesNotSeeWhatChangesMeanwhile() {
        var snapshots = new FolderSnapshots(temp.resolve("snapshots"), true, this::change);

        try (var taken = snapshots.take(List.of(data), "run-1.2", SOON)) {
            assertThat(taken.at(data.resolve("tmp/4"))).hasContent("before tmp/4");
            assertThat(data.resolve("tmp/4")).hasContent("after");
            assertThat(taken.kind()).isEqualTo(snapshots.probe(List.of(data)).kind());
            assertThat(snapshots.open()).isEqualTo(1);
        }
        assertThat(snapshots.open()).isZero();
        assertThat(snapshots.removeLeftovers(List.of(data), "run-1.2", SOON)).isZero();
        assertThatThrownBy(() -> snapshots.take(List.of(data), "../run", SOON))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSnapshotFileByFileSeesIt() {
        var snapshots = new FolderSnapshots(temp.resolve("snapshots"), false, this::change);

        try (var taken = snapshots.take(List.of(data), "run-1", SOON)) {
            assertThat(taken.at(data.resolve("tmp/4"))).hasContent("after");
        }
    }
}
