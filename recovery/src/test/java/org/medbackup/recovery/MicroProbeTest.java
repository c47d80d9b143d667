package org.medbackup.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Entropy;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.Credential;
import org.medbackup.engine.EngineContext;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RestoreRequest;
import org.medbackup.recovery.simulate.RestoreCosts;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.MemoryStore;

/** On a simulated machine, whose clock moves only by what a restore reads and writes: each file costs, and each byte. */
class MicroProbeTest {

    private static final OperationLog SILENT = OperationLog.silent();
    private static final long NANOS_A_FILE = 1_000_000;
    private static final long NANOS_A_BYTE = 200;
    private static final long NANOS_A_READ = 5_000_000;

    @TempDir
    Path temp;

    private final ManualTime time = new ManualTime();
    private final ObjectStore store = new FaultyStore(new MemoryStore(), this::passStore);

    /** Takes the time of the simulated machine. */
    private Throttle.Permit pass(Throttle.Demand demand) {
        if (demand.resource() == Throttle.Resource.DISK_WRITE) {
            boolean smallFile = demand.amount() < 16 * 1024;
            time.advance(Duration.ofNanos(demand.amount() * NANOS_A_BYTE + (smallFile ? NANOS_A_FILE : 0)));
        }
        return Throttle.none().acquire(demand);
    }

    private FaultyStore.Fault passStore(FaultyStore.Call call, String name, long number) {
        if (call == FaultyStore.Call.READ && name.startsWith("d/")) {
            time.advance(Duration.ofNanos(NANOS_A_READ));
        }
        return FaultyStore.Fault.NONE;
    }

    private Repository repository() {
        var context = new EngineContext(
                time,
                Entropy.system(),
                this::pass,
                temp.resolve("state"),
                Secret.copyOf(new byte[32]),
                "test-host",
                // The clock moves for one worker after the other, so that there is one.
                new EngineContext.Sizing(1, 8L << 20, 1));
        if (store.isEmpty()) {
            Repository.create(store, context, Secret.ofText("correct horse"));
        }
        return Repository.open(store, context, new Credential.Password(Secret.ofText("correct horse")), SILENT);
    }

    private Path source() throws IOException {
        return Files.createDirectories(temp.resolve("source"));
    }

    private void write(String prefix, int count, int size) throws IOException {
        SeededRandom random = SeededRandom.of(count, size);
        for (int i = 0; i < count; i++) {
            Path folder = Files.createDirectories(source().resolve(prefix + i / 100));
            Files.write(folder.resolve(i + ".dcm"), random.bytes(size));
        }
    }

    private String backup(Repository repository) throws IOException {
        BackupRequest request = BackupRequest.of("test", List.of(PathBytes.of(source().toString())));
        return repository.backup(request, SILENT).snapshot();
    }

    private RestoreCosts measure(Repository repository, String snapshot, Path folder) {
        return new MicroProbe(repository, folder, new Random(1), time, SILENT).measure(snapshot);
    }

    private void assertPredictionIsClose() throws IOException {
        try (Repository repository = repository()) {
            String snapshot = backup(repository);
            RestoreRequest request = RestoreRequest.of(snapshot, temp.resolve("target"));
            Prediction predicted = RestorePredictor.predict(
                    repository.steps(request, SILENT), measure(repository, snapshot, temp.resolve("probe")));

            Duration actual = repository.restore(request, SILENT).took();

            assertThat(actual).isPositive();
            double ratio = (double) predicted.expected().toNanos() / actual.toNanos();
            assertThat(ratio).isCloseTo(1, within(0.25));
            assertThat(actual).isBetween(predicted.low(), predicted.high());
        }
    }

    @Test
    void aRestoreOfSmallAndLargeFilesTakesAboutWhatWasPredicted() throws IOException {
        write("small", 350, 2000);
        write("large", 3, 400_000);

        assertPredictionIsClose();
    }

    @Test
    void aRestoreOfSmallFilesOnlyTakesAboutWhatWasPredicted() throws IOException {
        write("small", 350, 1000);

        assertPredictionIsClose();
    }

    @Test
    void aRestoreOfLargeFilesOnlyTakesAboutWhatWasPredicted() throws IOException {
        write("large", 5, 700_000);

        assertPredictionIsClose();
    }

    @Test
    void theCostsAreThoseOfTheMachine() throws IOException {
        write("small", 150, 1000);
        write("large", 3, 1_000_000);
        try (Repository repository = repository()) {
            RestoreCosts costs = measure(repository, backup(repository), temp);

            assertThat(costs.perEntry() * 1e9).isCloseTo(NANOS_A_FILE, within(0.25 * NANOS_A_FILE));
            assertThat(costs.perByte() * 1e9).isCloseTo(NANOS_A_BYTE, within(0.2 * NANOS_A_BYTE));
            assertThat(costs.start()).isBetween(NANOS_A_READ / 1e9, 0.2);
            assertThat(costs.spread()).isLessThan(0.05);
            assertThat(costs.processorPerEntry()).isPositive();
        }
    }

    @Test
    void howMuchRoundsDifferIsTheirStandardDeviationOrTheDifferenceOfTwo() {
        assertThat(MicroProbe.spread(List.of(1.0, 1.2))).isCloseTo(0.2 / 1.1, within(1e-9));
        assertThat(MicroProbe.spread(List.of(1.0, 1.0, 1.3, 0.7))).isCloseTo(0.245, within(0.01));
        assertThat(MicroProbe.spread(List.of(0.0, 0.0))).isZero();
    }

    @Test
    void aRestorePointOfHugeFilesOnlyHasAStartThatIsNotThatOfAHugeFile() throws IOException {
        write("huge", 2, 3_000_000);
        try (Repository repository = repository()) {
            RestoreCosts costs = measure(repository, backup(repository), temp);

            assertThat(costs.start()).isLessThan(3_000_000 * NANOS_A_BYTE / 1e9 / 2);
            assertThat(costs.perByte()).isPositive();
        }
    }

    @Test
    void nothingIsLeftOfTheProbe() throws IOException {
        write("small", 3, 10);
        Path probe = temp.resolve("probe");
        try (Repository repository = repository()) {
            measure(repository, backup(repository), probe);
        }
        assertThat(probe).isEmptyDirectory();
    }

    @Test
    void aRestorePointWithoutFilesCostsNothingButItsStart() throws IOException {
        source();
        try (Repository repository = repository()) {
            assertThat(measure(repository, backup(repository), temp)).isEqualTo(new RestoreCosts(0, 0, 0, 0, 0, 0, 0));
        }
    }

    @Test
    void aFolderThatCannotBeUsedIsTheCallersToMend() throws IOException {
        write("small", 1, 10);
        Path file = Files.createFile(temp.resolve("file"));
        try (Repository repository = repository()) {
            String snapshot = backup(repository);

            assertThatThrownBy(() -> measure(repository, snapshot, file))
                    .isInstanceOfSatisfying(
                            UsageException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.TARGET_UNUSABLE));
        }
    }
}
