package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.corpus.Bytes;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.FaultyStore.Call;
import org.medbackup.testkit.FaultyStore.Fault;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.MemoryStore;

/** Restores and copies that last for days, by a clock that the test moves. */
class LongRestoreTest {

    private static final int FILES = 6;

    @TempDir
    Path temp;

    private final ManualTime time = new ManualTime(Instant.now());
    private final AtomicInteger reads = new AtomicInteger();
    private final List<String> tickets = new ArrayList<>();
    private Path source = Path.of("source");
    private Sandbox sandbox = new Sandbox(Path.of("state"));
    private String snapshot = "";
    private List<String> listing = List.of();

    @BeforeEach
    void backUpEachFileIntoAPackOfItsOwn() throws IOException {
        source = Files.createDirectory(temp.resolve("source"));
        sandbox = new Sandbox(temp.resolve("state")).create();
        for (int i = 0; i < FILES; i++) {
            Files.write(source.resolve("file" + i), Bytes.random(i, 300_000));
            snapshot = sandbox.backup(source).snapshot();
        }
        listing = TreeListing.of(source);
        for (int i = 0; i < FILES; i++) {
            Files.delete(source.resolve("file" + i));
        }
        sandbox.backup(source);
    }

    private Repository open(ObjectStore store) {
        return Repository.open(
                store, Sandbox.at(sandbox.context, time), new Credential.Password(Sandbox.password()), Sandbox.SILENT);
    }

    /** Each read of data takes so many hours; during one of them everything but the newest is given up. */
    private FaultyStore slow(int hours, int givenUpAt) {
        return new FaultyStore(sandbox.store, (call, name, count) -> {
            if (call == Call.READ && name.startsWith("d/")) {
                time.advance(Duration.ofHours(hours));
                if (reads.incrementAndGet() == givenUpAt) {
                    sandbox.store.names("t/").forEach(ticket -> tickets.add(ticket.text()));
                    giveUpAllButTheNewest();
                }
            }
            return Fault.NONE;
        });
    }

    private void giveUpAllButTheNewest() {
        try (Repository repository = open(sandbox.store)) {
            repository.forget(new RetentionRules(1, 0, 0, 0, 0, Duration.ZERO), false, Sandbox.SILENT);
            repository.collect(CollectRequest.usual(), Sandbox.SILENT);
        }
    }

    private void assertHeldAndThenLetGo() {
        assertThat(tickets).anyMatch(ticket -> !ticket.endsWith("-0"));
        assertThat(sandbox.store.names("t/")).isEmpty();
        try (Repository repository = open(sandbox.store)) {
            assertThat(repository
                            .collect(CollectRequest.usual(), Sandbox.SILENT)
                            .packs()
                            .deleted())
                    .isPositive();
        }
    }

    @Test
    void whatARestoreReadsStaysForAsLongAsItLasts() throws IOException {
        try (Repository repository = open(slow(4, 8))) {
            RestoreResult restored = repository.restore(
                    new RestoreRequest(snapshot, Sandbox.path(source), List.of(), temp.resolve("out")), Sandbox.SILENT);
            assertThat(restored.failures()).isEmpty();
        }

        assertThat(TreeListing.of(temp.resolve("out"))).isEqualTo(listing);
        assertThat(reads).hasValueGreaterThan(8);
        assertHeldAndThenLetGo();
    }

    @Test
    void whatACopyReadsStaysForAsLongAsItLasts() {
        var target = new MemoryStore();
        try (Repository repository = open(slow(9, 4))) {
            assertThat(repository.copy(snapshot, target, Sandbox.SILENT).committed())
                    .isTrue();
        }

        assertThat(target.names("t/")).extracting(ObjectName::text).anyMatch(ticket -> !ticket.endsWith("-0"));
        assertThat(new Sandbox(temp.resolve("there"), target)
                        .verify(VerifyLevel.RESTORE)
                        .snapshots())
                .containsExactly(snapshot);
        assertThat(reads).hasValueGreaterThan(4);
        assertHeldAndThenLetGo();
    }

    @Test
    void aRestoreFromATargetThatTakesNothingGoesOnWithoutAHold() throws IOException {
        var readOnly =
                new FaultyStore(sandbox.store, (call, name, count) -> call == Call.PUT ? Fault.FAILS : Fault.NONE);
        try (Repository repository = open(readOnly)) {
            repository.restore(
                    new RestoreRequest(snapshot, Sandbox.path(source), List.of(), temp.resolve("out")), Sandbox.SILENT);
        }

        assertThat(TreeListing.of(temp.resolve("out"))).isEqualTo(listing);
    }

    @Test
    void aHoldThatCannotBeRenewedOrTakenBackHurtsNoRestore() throws IOException {
        FaultyStore slow = slow(4, -1);
        var renewals = new AtomicInteger();
        var refusing = new FaultyStore(slow, (call, name, count) -> {
            boolean renewal = name.startsWith("t/") && !name.endsWith("-0");
            if (call == Call.PUT && renewal) {
                renewals.incrementAndGet();
            }
            return (call == Call.PUT && renewal) || call == Call.DELETE && name.startsWith("t/")
                    ? Fault.FAILS
                    : Fault.NONE;
        });
        try (Repository repository = open(refusing)) {
            repository.restore(
                    new RestoreRequest(snapshot, Sandbox.path(source), List.of(), temp.resolve("out")), Sandbox.SILENT);
        }

        assertThat(renewals).hasPositiveValue();
        assertThat(TreeListing.of(temp.resolve("out"))).isEqualTo(listing);
        assertThat(sandbox.store.names("t/")).isNotEmpty();
    }
}
