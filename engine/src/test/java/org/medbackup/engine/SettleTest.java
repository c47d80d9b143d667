package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** What became of a backup is said for good: it has committed, or it never will. */
class SettleTest {

    @TempDir
    Path temp;

    private final List<String> tickets = new ArrayList<>();
    private Path source = Path.of("source");
    private Sandbox sandbox = new Sandbox(Path.of("state"));

    @BeforeEach
    void fill() throws IOException {
        source = Files.createDirectories(temp.resolve("source"));
        Files.writeString(source.resolve("note.txt"), "note");
        sandbox = new Sandbox(temp.resolve("state")).create();
    }

    private BackupResult backup(Runnable beforeTheCommit) {
        BackupRequest request = BackupRequest.of("test", List.of(Sandbox.path(source)))
                .followedBy(new BackupRequest.Follower() {
                    @Override
                    public void begun(String ticket) {
                        tickets.add(ticket);
                    }

                    @Override
                    public void committing(String ticket) {
                        beforeTheCommit.run();
                    }
                });
        try (Repository repository = sandbox.open()) {
            return repository.backup(request, Sandbox.SILENT);
        }
    }

    private boolean settle() {
        try (Repository repository = sandbox.open()) {
            return repository.settle(tickets.getLast(), Sandbox.SILENT);
        }
    }

    @Test
    void oneThatHasCommittedIsThere() {
        BackupResult done = backup(() -> {});

        assertThat(settle()).isTrue();
        assertThat(done.snapshot()).isEqualTo(tickets.getLast());
        assertThat(sandbox.verify(VerifyLevel.RESTORE).snapshots()).containsExactly(done.snapshot());
    }

    @Test
    void oneThatWasSuspendedJustBeforeItsCommitNeverCommits() {
        assertThatThrownBy(() -> backup(() -> assertThat(settle()).isFalse()))
                .extracting(failed -> ((BackupException) failed).code())
                .isEqualTo(ErrorCode.COMMIT_REFUSED);

        assertThat(settle()).as("as often as somebody asks").isFalse();
        assertThat(sandbox.verify(VerifyLevel.STRUCTURE).snapshots()).isEmpty();
        assertThat(backup(() -> {}).snapshot()).as("another one does").isEqualTo(tickets.getLast());
    }

    @Test
    void whoeverFollowsMayEndItBeforeItsCommit() {
        assertThatThrownBy(() -> backup(() -> {
                    throw ErrorCode.CANCELLED.because("not ours any more");
                }))
                .extracting(failed -> ((BackupException) failed).code())
                .isEqualTo(ErrorCode.CANCELLED);
        assertThat(settle()).isFalse();
    }

    @Test
    void aWritersKeySettlesNothing() {
        backup(() -> {});

        try (Repository repository = sandbox.openAsWriter()) {
            assertThatThrownBy(() -> repository.settle(tickets.getLast(), Sandbox.SILENT))
                    .extracting(failed -> ((BackupException) failed).code())
                    .isEqualTo(ErrorCode.KEY_ROLE_INSUFFICIENT);
        }
    }
}
