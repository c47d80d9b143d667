package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots.Taken;

/** What every kind of {@link FileSystemSnapshots} has to keep. Implemented by the test class of each kind. */
public interface SnapshotContract {

    /** The snapshots under test. */
    FileSystemSnapshots snapshots();

    /** A folder that can be snapshot, not the root of its file system. */
    Path folder();

    /** Makes every holder of a snapshot disappear, as the death of its process does. */
    void crash();

    /** The kind that is expected. */
    String kind();

    private static Deadline soon() {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(30));
    }

    @Test
    default void contractASnapshotShowsTheFoldersAsTheyWere() throws IOException {
        Path file = Files.createDirectories(folder().resolve("a/b")).resolve("c");
        Files.writeString(file, "before");

        try (Taken taken = snapshots().take(List.of(folder()), "run-1", soon())) {
            Files.writeString(file, "after");
            Files.writeString(folder().resolve("new"), "after");

            assertThat(taken.at(file)).hasContent("before");
            assertThat(taken.at(folder()).resolve("a/b/c")).hasContent("before");
            assertThat(taken.at(folder()).resolve("new")).doesNotExist();
            assertThat(taken.kind()).isEqualTo(kind());
        }
        assertThat(file).hasContent("after");
    }

    @Test
    default void contractAProbeTellsWhatWouldBeTaken() {
        assertThat(snapshots().probe(List.of(folder())).kind()).isEqualTo(kind());
        assertThat(snapshots().probe(List.of(folder())).atomic()).isTrue();
        assertThat(snapshots().removeLeftovers(List.of(folder()), "run-1", soon()))
                .isZero();
    }

    @Test
    default void contractClosingRemovesItAndMayComeTwice() {
        Taken first = snapshots().take(List.of(folder()), "run-1", soon());
        Path seen = first.at(folder());
        first.close();
        first.close();

        assertThat(seen).doesNotExist();
        snapshots().take(List.of(folder()), "run-1", soon()).close();
    }

    @Test
    default void contractASecondOfTheSameNameIsRefused() {
        try (Taken held = snapshots().take(List.of(folder()), "run-1", soon())) {
            assertThatThrownBy(() -> snapshots().take(List.of(folder()), "run-1", soon()))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.APPLICATION_NOT_READY));
            assertThat(held.at(folder())).exists();
        }
    }

    @Test
    default void contractWhatACrashLeftBehindIsFoundByItsNameAndRemoved() {
        List<Path> folders = List.of(folder());
        Taken lost = snapshots().take(folders, "app.run-1", soon());
        Taken other = snapshots().take(folders, "app2.run-1", soon());
        assertThat(snapshots().removeLeftovers(folders, "app", soon()))
                .as("held")
                .isZero();
        crash();

        assertThat(snapshots().removeLeftovers(folders, "app", soon())).isEqualTo(1);
        assertThat(snapshots().removeLeftovers(folders, "app", soon())).isZero();
        assertThat(lost.at(folder())).doesNotExist();
        assertThat(other.at(folder())).exists();
        assertThat(snapshots().removeLeftovers(folders, "app2.run-1", soon())).isEqualTo(1);
    }

    @Test
    default void contractAPathOutsideIsNoneOfIt() {
        try (Taken taken = snapshots().take(List.of(folder()), "run-1", soon())) {
            assertThatThrownBy(() -> taken.at(Path.of("/proc"))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    default void contractANameThatCouldMeanSomethingElseIsRefused() {
        for (String name : List.of("", "a/b", "a b", "a.b.c", "x@y")) {
            assertThatThrownBy(() -> snapshots().take(List.of(folder()), name, soon()))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL));
        }
    }
}
