package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.corpus.Bytes;
import org.medbackup.engine.RestoreRequest.Existing;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.FaultyStore.Call;
import org.medbackup.testkit.FaultyStore.Fault;

/** A restore that ended early is gone on with, and fetches what it had not yet got. */
class ResumedRestoreTest {

    private static final int IMAGE = 500_000;
    private static final int IMAGES = 48;

    @TempDir
    static Path shared;

    private static Path source = Path.of("source");
    private static Sandbox sandbox = new Sandbox(Path.of("state"));
    private static String snapshot = "";

    @TempDir
    Path temp;

    private Path target = Path.of("target");

    @BeforeEach
    void nameTarget() {
        target = temp.resolve("target");
    }

    @BeforeAll
    static void backUp() throws IOException {
        source = Files.createDirectory(shared.resolve("source"));
        Files.write(source.resolve("large.img"), Bytes.random(100, 24 << 20));
        for (int i = 0; i < IMAGES; i++) {
            Files.write(source.resolve("image-" + i + ".dcm"), Bytes.random(i, IMAGE));
        }
        Files.writeString(source.resolve("note.txt"), "note");
        Files.createLink(source.resolve("note-2.txt"), source.resolve("note.txt"));
        Files.createSymbolicLink(source.resolve("symlink"), Path.of("note.txt"));
        sandbox = new Sandbox(shared.resolve("state")).create();
        snapshot = sandbox.backup(source).snapshot();
    }

    private RestoreRequest request(Existing existing) {
        return new RestoreRequest(snapshot, Sandbox.path(source), List.of(), target, existing);
    }

    private RestoreResult restore(ObjectStore store, Existing existing) {
        try (Repository repository = sandbox.open(store)) {
            return repository.restore(request(existing), Sandbox.SILENT);
        }
    }

    /** Reads of data packs fail for good from one of them on; before, they are counted. */
    private static final class BreakingStore {
        private final AtomicLong reads = new AtomicLong();
        private final AtomicLong bytes = new AtomicLong();
        private final ObjectStore store;

        BreakingStore(ObjectStore inner, long whole) {
            store = new FaultyStore(
                    new CountingReads(inner, bytes),
                    (call, name, number) ->
                            call == Call.READ && name.startsWith("d/") && reads.incrementAndGet() > whole
                                    ? Fault.FAILS
                                    : Fault.NONE);
        }
    }

    /**
     * Breaks a restore within a file of which something was written. Where it breaks between two files it is begun anew,
     * elsewhere, and broken one read later.
     */
    private BreakingStore breakHalfway() throws IOException {
        for (long whole = 11; ; whole++) {
            target = temp.resolve("target-" + whole);
            var breaking = new BreakingStore(sandbox.store, whole);
            assertThatThrownBy(() -> restore(breaking.store, Existing.LEFT))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
            for (Path file : temporaryFiles()) {
                if (hasContent(file)) {
                    return breaking;
                }
            }
        }
    }

    private static boolean hasContent(Path file) throws IOException {
        for (byte value : Files.readAllBytes(file)) {
            if (value != 0) {
                return true;
            }
        }
        return false;
    }

    private List<Path> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.walk(target)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".mbtmp-"))
                    .toList();
        }
    }

    @Test
    void aRestoreThatBrokeHalfwayIsGoneOnWithAndFetchesNextToNothingTwice() throws IOException {
        var whole = new BreakingStore(sandbox.store, Long.MAX_VALUE);
        try (Repository repository = sandbox.open(whole.store)) {
            repository.restore(
                    new RestoreRequest(snapshot, Sandbox.path(source), List.of(), temp.resolve("other")),
                    Sandbox.SILENT);
        }
        BreakingStore breaking = breakHalfway();

        var rest = new BreakingStore(sandbox.store, Long.MAX_VALUE);
        RestoreResult result = restore(rest.store, Existing.RESUMED);

        assertThat(result.failures()).isEmpty();
        assertThat(TreeListing.of(target)).isEqualTo(TreeListing.of(source));
        assertThat(temporaryFiles()).isEmpty();
        assertThat(breaking.bytes.get()).isGreaterThan(whole.bytes.get() / 4);
        assertThat(breaking.bytes.get() + rest.bytes.get()).isLessThanOrEqualTo(whole.bytes.get() * 105 / 100);
        assertThat(result.bytes().reused()).isPositive();
    }

    @Test
    void aRestoreThatWasDoneIsDoneWhenItIsResumed() throws IOException {
        restore(sandbox.store, Existing.LEFT);

        RestoreResult again = restore(sandbox.store, Existing.RESUMED);

        assertThat(again.failures()).isEmpty();
        assertThat(again.bytes().written()).isZero();
        assertThat(TreeListing.of(target)).isEqualTo(TreeListing.of(source));
    }

    @Test
    void resumingLeavesAloneWhatItDidNotBring() throws IOException {
        Files.createDirectories(target);
        Files.writeString(target.resolve("note.txt"), "of today");
        Files.createSymbolicLink(target.resolve("symlink"), Path.of("of-today"));

        RestoreResult result = restore(sandbox.store, Existing.RESUMED);

        assertThat(result.failures()).extracting(RestoreResult.Failure::path).contains("note.txt", "symlink");
        assertThat(target.resolve("note.txt")).hasContent("of today");
        assertThat(target.resolve("image-0.dcm")).hasBinaryContent(Bytes.random(0, IMAGE));
    }

    @Test
    void whatARestoreThatBrokeLeftIsInNobodysWay() throws IOException {
        breakHalfway();
        List<Path> left = temporaryFiles();
        try (Stream<Path> done = Files.list(target)) {
            for (Path file : done.filter(file -> !left.contains(file)).toList()) {
                Files.delete(file);
            }
        }

        RestoreResult result = restore(sandbox.store, Existing.LEFT);

        assertThat(result.failures()).isEmpty();
        assertThat(temporaryFiles()).isEmpty();
        assertThat(target.resolve("large.img")).hasBinaryContent(Bytes.random(100, 24 << 20));
    }

    @Test
    void aBegunFileThatSomebodyHoldsByAnotherNameIsBegunAnew() throws IOException {
        breakHalfway();
        Path held = temp.resolve("held");
        Files.createLink(held, temporaryFiles().getFirst());

        RestoreResult result = restore(sandbox.store, Existing.RESUMED);

        assertThat(result.failures()).isEmpty();
        assertThat(temporaryFiles()).isEmpty();
        assertThat(Files.getAttribute(held, "unix:nlink")).isEqualTo(1);
        assertThat(TreeListing.of(target)).isEqualTo(TreeListing.of(source));
    }

    @Test
    void noFileStandsUnderItsNameBeforeItIsWhole() throws IOException {
        breakHalfway();

        for (int i = 0; i < IMAGES; i++) {
            Path image = target.resolve("image-" + i + ".dcm");
            if (Files.exists(image)) {
                assertThat(image).hasBinaryContent(Bytes.random(i, IMAGE));
            }
        }
        Path large = target.resolve("large.img");
        if (Files.exists(large)) {
            assertThat(large).hasBinaryContent(Bytes.random(100, 24 << 20));
        }
    }

    @Test
    void twoRestoresOfOneRestorePointIntoOneTargetAreKeptApart() {
        var refused = new AtomicReference<BackupException>();
        var store = new FaultyStore(sandbox.store, (call, name, number) -> {
            if (call == Call.READ && name.startsWith("d/") && refused.get() == null) {
                try {
                    restore(sandbox.store, Existing.LEFT);
                } catch (BackupException failure) {
                    refused.set(failure);
                }
            }
            return Fault.NONE;
        });

        assertThat(restore(store, Existing.LEFT).failures()).isEmpty();

        assertThat(refused.get().code()).isEqualTo(ErrorCode.TARGET_UNUSABLE);
        assertThat(refused.get().describe()).contains("under way");
    }
}
