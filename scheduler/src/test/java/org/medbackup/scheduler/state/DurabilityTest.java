package org.medbackup.scheduler.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.CapacityException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.testkit.LoopDisk;
import org.medbackup.testkit.SeededEntropy;

class DurabilityTest {

    private static final int KILLS = 3;

    @TempDir
    private Path folder;

    private static StateDatabase open(Store store) {
        return store.open("reader", "one", TimeSource.system(), new SeededEntropy(1));
    }

    /** How many a child acknowledged before it was killed at some moment. */
    private static Set<String> killed(int after, String... arguments) throws InterruptedException {
        Set<String> acknowledged = new TreeSet<>();
        try (ChildJvm child = ChildJvm.start(CommittingChild.class, arguments)) {
            child.await("done job" + after);
            child.signal("KILL");
            child.awaitEnd();
            for (String line : child.lines()) {
                // The last line may have been cut off by the kill.
                if (line.matches("done job\\d+")) {
                    acknowledged.add(line.substring(5));
                }
            }
        }
        return acknowledged;
    }

    @Test
    void whatSqliteAcknowledgedIsThereAfterAKill() throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            Path file = folder.resolve("state" + kill + ".db");
            Set<String> acknowledged = killed(10 + 37 * kill, "sqlite", file.toString());

            assertThat(acknowledged).hasSizeGreaterThan(10);
            try (StateDatabase state = open(new Store.Sqlite(file))) {
                assertThat(state.open()).extracting(RunRecord::job).containsAll(acknowledged);
            }
        }
    }

    @Test
    void whatPostgresAcknowledgedIsThereAfterAKill() throws Exception {
        Store.Postgres store = TestDatabase.postgres();
        Set<String> acknowledged = killed(50, "postgres", store.url(), TestDatabase.password());

        try (StateDatabase state = open(store)) {
            assertThat(state.open()).extracting(RunRecord::job).containsAll(acknowledged);
        }
    }

    @Test
    void aFullDiskIsSaidAndWhatCountsIsWhatWasAcknowledged() throws IOException {
        try (LoopDisk disk = LoopDisk.mounted(folder.resolve("disk"), "ext4", 16)) {
            Store store = new Store.Sqlite(disk.place().resolve("state.db"));
            List<String> acknowledged = new ArrayList<>();
            Path ballast = disk.place().resolve("ballast");
            try (StateDatabase state = open(store)) {
                add(state, "before", acknowledged);
                fill(ballast);

                assertThatThrownBy(() -> {
                            for (int i = 0; i < 5_000; i++) {
                                add(state, "full" + i, acknowledged);
                            }
                        })
                        .isInstanceOfSatisfying(CapacityException.class, failure -> {
                            assertThat(failure.code()).isEqualTo(ErrorCode.NO_SPACE);
                            assertThat(failure.context()).containsKey("step");
                        });
                assertThat(state.jobs()).extracting(JobRecord::name).contains("before");

                Files.delete(ballast);
                add(state, "after", acknowledged);
            }
            try (StateDatabase state = open(store)) {
                assertThat(state.open()).extracting(RunRecord::job).containsExactlyInAnyOrderElementsOf(acknowledged);
                assertThat(acknowledged).contains("before", "after");
            }
        }
    }

    private static void add(StateDatabase state, String job, List<String> acknowledged) {
        state.configure(List.of(job), Instant.EPOCH);
        String _ = state.enqueue(StateContract.run(job, 0, Instant.EPOCH)).orElseThrow();
        acknowledged.add(job);
    }

    private static void fill(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int size : new int[] {1 << 20, 1 << 12}) {
                try {
                    while (true) {
                        channel.write(ByteBuffer.allocate(size));
                    }
                } catch (IOException full) {
                    // As it should be.
                    channel.force(true);
                }
            }
        }
    }

    @Test
    void aFileThatIsNoDatabaseAndAFolderThatIsMissingAreNamed() throws IOException {
        Path junk = Files.writeString(folder.resolve("junk.db"), "this is no database ".repeat(400));

        assertThatThrownBy(() -> open(new Store.Sqlite(junk)))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STATE_DATABASE_DAMAGED));
        assertThatThrownBy(() -> open(new Store.Sqlite(folder.resolve("missing/state.db"))))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STATE_UNUSABLE));
        assertThat(Duration.ofSeconds(5)).isEqualTo(Store.PATIENCE);
    }
}
