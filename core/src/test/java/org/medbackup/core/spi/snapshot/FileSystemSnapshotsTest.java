package org.medbackup.core.spi.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

class FileSystemSnapshotsTest {

    private static final List<Path> FOLDERS = List.of(Path.of("/srv"));

    @Test
    void whereNoneCanBeTakenItIsSaidAndNothingIsTaken() {
        FileSystemSnapshots none = FileSystemSnapshots.none();
        Deadline soon = Deadline.after(TimeSource.system(), Duration.ofSeconds(5));

        assertThat(none.probe(FOLDERS).isPossible()).isFalse();
        assertThat(none.probe(FOLDERS).why()).isNotEmpty();
        assertThat(none.removeLeftovers(FOLDERS, "run", soon)).isZero();
        assertThatThrownBy(() -> none.take(FOLDERS, "run", soon))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.APPLICATION_NOT_READY));
    }

    @Test
    void whereNothingIsKnownNothingIsFrozenOrShared() {
        FileSystemSnapshots none = FileSystemSnapshots.none();
        List<Path> folders = List.of(Path.of("/srv"));
        var soon = Deadline.after(TimeSource.system(), Duration.ofSeconds(5));

        assertThat(none.freezeObstacle(folders)).isNotEmpty();
        assertThatThrownBy(() -> none.freeze(folders, soon))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.APPLICATION_NOT_READY));
        none.thaw(folders, soon);
        assertThat(none.isFrozen(folders)).isFalse();
        assertThat(none.share(folders, "run", soon)).isNull();
    }
}
