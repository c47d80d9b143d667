package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Entropy;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.corpus.Bytes;

/** Files that do not hold still, or cannot be read: the rest is backed up, each is named, and the run is incomplete. */
class ChangingFilesTest {

    private static final int LARGE = 6 << 20;

    @TempDir
    Path temp;

    private Path source = Path.of("source");
    private Sandbox sandbox = new Sandbox(Path.of("state"));

    @BeforeEach
    void create() throws IOException {
        source = Files.createDirectory(temp.resolve("source"));
        sandbox = new Sandbox(temp.resolve("state")).create();
        Files.writeString(source.resolve("a-still.txt"), "still");
        Files.writeString(source.resolve("z-still.txt"), "still");
    }

    /** Something that a test does to a file while it is backed up. */
    private interface Meddling {
        void with(int time) throws IOException;
    }

    private static void meddle(Meddling meddling, int time) {
        try {
            meddling.with(time);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Meddles after a file was looked at and before it is opened. */
    private BackupResult backupMeddlingBeforeTheOpening(Path file, Meddling meddling) {
        var policy = new PlacementPolicy() {
            @Override
            public Placement place(FileFacts facts, Supplier<ByteBuffer> head) {
                if (facts.path().equals(Sandbox.path(file))) {
                    meddle(meddling, 1);
                }
                return PlacementPolicy.single().place(facts, head);
            }

            @Override
            public String digest() {
                return PlacementPolicy.single().digest();
            }
        };
        try (Repository repository = sandbox.openAsWriter()) {
            return repository.backup(
                    BackupRequest.of("test", List.of(Sandbox.path(source))).placedBy(policy), Sandbox.SILENT);
        }
    }

    /** Meddles before each read of a file's content. */
    private BackupResult backupMeddlingBeforeEachRead(Meddling meddling) {
        var reads = new AtomicInteger();
        Throttle throttle = demand -> {
            if (demand.resource() == Throttle.Resource.DISK_READ) {
                meddle(meddling, reads.incrementAndGet());
            }
            return Throttle.none().acquire(demand);
        };
        var context = new EngineContext(
                TimeSource.system(),
                Entropy.system(),
                throttle,
                temp.resolve("state"),
                Secret.copyOf(new byte[32]),
                "test-host",
                new EngineContext.Sizing(1, 8L << 20, 1));
        var credential = new Credential.KeyFile(sandbox.writerKey());
        try (Repository repository = Repository.open(sandbox.store, context, credential, Sandbox.SILENT)) {
            return repository.backup(BackupRequest.of("test", List.of(Sandbox.path(source))), Sandbox.SILENT);
        }
    }

    private void isNamedAndTheRestComesBack(BackupResult result, Path file, String code) throws IOException {
        assertThat(result.isComplete()).isFalse();
        assertThat(result.files().failed()).isEqualTo(1);
        assertThat(result.errors()).singleElement().satisfies(error -> {
            assertThat(error.path()).isEqualTo(file.toString());
            assertThat(error.code()).isEqualTo(code);
            assertThat(error.message()).isNotBlank();
        });
        Path target = temp.resolve("target");
        assertThat(sandbox.restore(result.snapshot(), source, target).failures())
                .isEmpty();
        assertThat(target.resolve("a-still.txt")).hasContent("still");
        assertThat(target.resolve("z-still.txt")).hasContent("still");
        assertThat(sandbox.verify(VerifyLevel.RESTORE).damaged()).isEmpty();
    }

    private static void append(Path file) throws IOException {
        Files.write(file, Bytes.random(9, 10_000), StandardOpenOption.APPEND);
    }

    private static void cut(Path file, long length) throws IOException {
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(length);
        }
    }

    @Test
    void aFileThatVanishesBeforeItIsReadIsNamed() throws IOException {
        Path file = Files.writeString(source.resolve("letter.txt"), "here");

        BackupResult result = backupMeddlingBeforeTheOpening(file, time -> Files.delete(file));

        isNamedAndTheRestComesBack(result, file, "FILE_VANISHED");
        assertThat(temp.resolve("target/letter.txt")).doesNotExist();
    }

    @Test
    void aLargeFileThatVanishesBeforeItIsReadIsNamed() throws IOException {
        Path file = Files.write(source.resolve("image.dcm"), Bytes.random(1, LARGE));

        BackupResult result = backupMeddlingBeforeTheOpening(file, time -> Files.delete(file));

        isNamedAndTheRestComesBack(result, file, "FILE_VANISHED");
    }

    @Test
    void aFileThatBecomesAFifoIsNamedAndNotWaitedFor() throws IOException {
        Path file = Files.write(source.resolve("image.dcm"), Bytes.random(1, LARGE));

        BackupResult result = backupMeddlingBeforeTheOpening(file, time -> {
            Files.delete(file);
            assertThat(LoopMount.succeeds("mkfifo", file.toString())).isTrue();
        });

        isNamedAndTheRestComesBack(result, file, "FILE_VANISHED");
    }

    @Test
    void aSmallFileThatChangesOnceIsReadOnceMoreAndComesBackAsItIsThen() throws IOException {
        Path file = Files.writeString(source.resolve("letter.txt"), "first");

        BackupResult result = backupMeddlingBeforeEachRead(time -> {
            if (time == 2) {
                Files.writeString(file, "then");
            }
        });

        assertThat(result.errors()).isEmpty();
        sandbox.restore(result.snapshot(), source, temp.resolve("target"));
        assertThat(temp.resolve("target/letter.txt")).hasContent("then");
    }

    @Test
    void aSmallFileThatChangesAtEveryReadIsNamed() throws IOException {
        Path file = Files.writeString(source.resolve("letter.txt"), "0");

        BackupResult result = backupMeddlingBeforeEachRead(time -> append(file));

        isNamedAndTheRestComesBack(result, file, "FILE_CHANGED");
    }

    @Test
    void aSmallFileThatGrowsLargeMeanwhileComesBackWhole() throws IOException {
        Path file = Files.writeString(source.resolve("letter.txt"), "small");
        byte[] grown = Bytes.random(5, 900_000);

        BackupResult result = backupMeddlingBeforeTheOpening(file, time -> Files.write(file, grown));

        assertThat(result.errors()).isEmpty();
        sandbox.restore(result.snapshot(), source, temp.resolve("target"));
        assertThat(temp.resolve("target/letter.txt")).hasBinaryContent(grown);
    }

    @Test
    void aLargeFileThatGrowsWhileItIsReadIsNamed() throws IOException {
        Path file = Files.write(source.resolve("image.dcm"), Bytes.random(1, LARGE));

        BackupResult result = backupMeddlingBeforeEachRead(time -> append(file));

        isNamedAndTheRestComesBack(result, file, "FILE_CHANGED");
        assertThat(temp.resolve("target/image.dcm")).hasSize(LARGE);
    }

    @Test
    void aLargeFileThatShrinksWhileItIsReadIsNamedAndKeptAsFarAsItWasThere() throws IOException {
        Path file = Files.write(source.resolve("image.dcm"), Bytes.random(1, LARGE));

        BackupResult result = backupMeddlingBeforeEachRead(time -> cut(file, 2_000_000));

        isNamedAndTheRestComesBack(result, file, "FILE_CHANGED");
        assertThat(temp.resolve("target/image.dcm"))
                .hasBinaryContent(java.util.Arrays.copyOf(Bytes.random(1, LARGE), 2_000_000));
    }

    @Test
    void aSparseFileThatShrinksWhileItIsReadIsNamed() throws IOException {
        Path file = source.resolve("sparse.img");
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            open.write(Bytes.random(1, 300_000));
            open.seek(4 << 20);
            open.write(Bytes.random(2, 300_000));
            open.setLength(LARGE);
        }

        BackupResult result = backupMeddlingBeforeEachRead(time -> cut(file, 200_000));

        isNamedAndTheRestComesBack(result, file, "FILE_CHANGED");
    }

    @Test
    void sectorsThatCannotBeReadAreNamedWithTheirFiles() throws IOException {
        try (LoopMount disk = LoopMount.of(temp, 48L << 20, "mkfs.ext4", "-q", "-F", "-O", "^has_journal")) {
            source = Files.createDirectory(disk.folder.resolve("source"));
            Files.writeString(source.resolve("a-still.txt"), "still");
            Files.writeString(source.resolve("z-still.txt"), "still");
            Path file = Files.write(source.resolve("image.dcm"), Bytes.random(1, 30 << 20));
            disk.remount();
            // The end of the disk is gone: what lies there cannot be read any more.
            assertThat(LoopMount.succeeds("truncate", "-s", "20M", disk.image.toString()))
                    .isTrue();

            BackupResult result = sandbox.backup(source);

            isNamedAndTheRestComesBack(result, file, "SOURCE_UNREADABLE");
            assertThat(result.errors().getFirst().message()).contains("EIO");
        }
    }

    @Test
    void aFileThatCannotBeReadIsReadAgainByTheNextRun() throws IOException {
        Path file = Files.writeString(source.resolve("letter.txt"), "0");
        backupMeddlingBeforeEachRead(time -> append(file));

        BackupResult next = sandbox.backup(source);

        assertThat(next.errors()).isEmpty();
        sandbox.restore(next.snapshot(), source, temp.resolve("target"));
        assertThat(temp.resolve("target/letter.txt")).hasSameBinaryContentAs(file);
        assertThat(new String(Files.readAllBytes(file), UTF_8)).startsWith("0");
    }
}
