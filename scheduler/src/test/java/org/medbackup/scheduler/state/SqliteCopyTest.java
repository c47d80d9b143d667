package org.medbackup.scheduler.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.SeededEntropy;

/** The state that another machine goes on with. */
class SqliteCopyTest {

    @TempDir
    Path temp;

    private StateDatabase open(Path file, int seed) {
        return new Store.Sqlite(file).open("worker", "host", new ManualTime(), new SeededEntropy(seed));
    }

    @Test
    void whatIsKnownOfJobsAndRestorePointsIsCopiedWhileTheStateIsInUseAndLeasesAreNot() throws IOException {
        Path copy = temp.resolve("copy.db");
        Files.createFile(copy);
        try (StateDatabase state = open(temp.resolve("state.db"), 1)) {
            state.configure(List.of("ehr", "pacs"), StateContract.NOON);
            state.enqueue(StateContract.run("ehr", 0, StateContract.NOON));
            Lease ended = state.claim(Set.of("ehr"), StateContract.LONG, StateContract.NOON)
                    .orElseThrow();
            state.finish(ended.run(), ended.epoch(), RunResult.good(StateContract.NOON), StateContract.NOON);
            state.enqueue(StateContract.run("pacs", 0, StateContract.NOON));
            Lease running = state.claim(Set.of("pacs"), StateContract.LONG, StateContract.NOON)
                    .orElseThrow();
            state.checkpoint(running.run(), running.epoch(), new byte[] {7});

            assertThat(new Store.Sqlite(temp.resolve("state.db")).copyTo(copy)).isTrue();

            assertThat(state.isHeld(running.run(), running.epoch())).isTrue();
        }
        try (StateDatabase copied = open(copy, 2)) {
            assertThat(copied.jobs()).extracting(JobRecord::name).containsExactly("ehr", "pacs");
            assertThat(copied.goodPoints()).extracting(GoodPoint::object).contains("ehr");
            assertThat(copied.runs("ehr", 9)).hasSize(1);
            assertThat(copied.open()).isEmpty();
            assertThat(copied.workers()).hasSize(1);
            assertThat(copied.durations("ehr", 9)).containsExactly(Duration.ZERO);
        }
    }

    @Test
    void whereThereIsNoStateYetNothingIsWritten() {
        assertThat(new Store.Sqlite(temp.resolve("none.db")).copyTo(temp.resolve("copy.db")))
                .isFalse();
        assertThat(temp.resolve("copy.db")).doesNotExist();
    }

    @Test
    void whatIsNoStateIsNotCopied() throws IOException {
        Path rubbish = Files.writeString(temp.resolve("state.db"), "this is no database, however long it may be");

        assertThatThrownBy(() -> new Store.Sqlite(rubbish).copyTo(temp.resolve("copy.db")))
                .isInstanceOf(BackupException.class);

        open(temp.resolve("whole.db"), 1).close();
        Path taken = Files.writeString(temp.resolve("taken.db"), "something");
        assertThatThrownBy(() -> new Store.Sqlite(temp.resolve("whole.db")).copyTo(taken))
                .isInstanceOf(BackupException.class);
    }
}
