package org.medbackup.linux.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots.Taken;
import org.medbackup.testkit.FakeDatasets;
import org.medbackup.testkit.FakePrograms;
import org.medbackup.testkit.SnapshotContract;

/** Snapshots of ZFS datasets, against a program that was written from the manual. */
class ZfsSnapshotTest implements SnapshotContract {

    @TempDir
    Path temp;

    private FakePrograms programs;
    private FakeDatasets datasets;
    private Path table;
    private Path state;
    private FileSystemSnapshots snapshots;

    @BeforeEach
    void makeDatasets() throws IOException {
        Path bin = temp.resolve("bin");
        programs = new FakePrograms(bin);
        datasets = new FakeDatasets(bin, programs);
        table = temp.resolve("mountinfo");
        datasets.add("tank/data", temp.resolve("data"), table);
        datasets.add("tank/log", temp.resolve("log"), table);
        state = temp.resolve("state");
        snapshots = new LinuxSnapshots(programs, state, table);
        Files.createDirectories(folder());
    }

    private static Deadline soon() {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(30));
    }

    @Override
    public FileSystemSnapshots snapshots() {
        return snapshots;
    }

    @Override
    public Path folder() {
        return temp.resolve("data/documents");
    }

    @Override
    public void crash() {
        LostHolders.in(state);
    }

    @Override
    public String kind() {
        return "zfs";
    }

    @Test
    void datasetsOfOnePoolAreTakenAtOneInstantByOneCall() {
        List<Path> both = List.of(folder(), temp.resolve("log"));
        assertThat(snapshots.probe(both).atomic()).isTrue();
        try (Taken taken = snapshots.take(both, "run-1", soon())) {
            assertThat(programs.calls("zfs")).contains("snapshot tank/data@medbackup-run-1 tank/log@medbackup-run-1");
            assertThat(taken.at(temp.resolve("log"))).exists();
        }
        assertThat(programs.calls("zfs")).contains("destroy tank/log@medbackup-run-1");
    }

    @Test
    void datasetsOfTwoPoolsAreNot() {
        datasets.add("other", temp.resolve("other"), table);
        List<Path> both = List.of(folder(), temp.resolve("other"));
        assertThat(snapshots.probe(both).atomic()).isFalse();
        snapshots.take(both, "run-1", soon()).close();
    }

    @Test
    void aPartOfADatasetHasNoSnapshot() {
        datasets.add("tank/part", temp.resolve("part"), table, "/inside");
        assertThat(snapshots.probe(List.of(temp.resolve("part"))).why()).contains("only a part");
    }

    @Test
    void aMachineWithoutTheProgramHasNoSnapshot() {
        programs.script("zfs", "exit 1\n");
        assertThat(snapshots.probe(List.of(folder())).why()).contains("not installed");
        assertThat(snapshots.removeLeftovers(List.of(folder()), "run-1", soon()))
                .isZero();
    }
}
