package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.corpus.Bytes;
import org.medbackup.engine.internal.index.IndexRoot;
import org.medbackup.engine.internal.keys.KeyFile;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.FaultyStore.Call;
import org.medbackup.testkit.FaultyStore.Fault;

/** What a collection puts in order where there is no garbage: index segments left behind, and many small packs. */
class TidyingTest {

    private static final Duration LONGER_THAN_A_LEASE = Duration.ofHours(7);

    @TempDir
    Path temp;

    private Path source = Path.of("source");
    private Sandbox sandbox = new Sandbox(Path.of("state"));

    @BeforeEach
    void create() throws IOException {
        source = Files.createDirectory(temp.resolve("source"));
        sandbox = new Sandbox(temp.resolve("state")).create();
    }

    private String backUp(int number) throws IOException {
        Files.write(source.resolve("file" + number), Bytes.random(number, 100_000));
        return sandbox.backup(source).snapshot();
    }

    private CollectResult collect(CollectRequest request, Duration later) {
        try (Repository repository = Repository.open(
                sandbox.store,
                Sandbox.later(sandbox.context, later),
                new Credential.Password(Sandbox.password()),
                Sandbox.SILENT)) {
            return repository.collect(request, Sandbox.SILENT);
        }
    }

    private CollectResult collect() {
        return collect(CollectRequest.usual(), Duration.ZERO);
    }

    private List<ObjectName> live() {
        ObjectName newest = sandbox.store.names("root/").getLast();
        return IndexRoot.decode(sandbox.store.readAll(newest), newest, KeyFile.read(sandbox.writerKey()))
                .segments();
    }

    private void assertWholeAndRestored(String snapshot) throws IOException {
        assertThat(sandbox.verify(VerifyLevel.RESTORE).damaged()).isEmpty();
        sandbox.restore(snapshot, source, temp.resolve("out"));
        assertThat(TreeListing.of(temp.resolve("out"))).isEqualTo(TreeListing.of(source));
    }

    private void backUpAndDieBeforeTheIndexNamesIt() {
        var failing = new FaultyStore(
                sandbox.store,
                (call, name, number) -> call == Call.PUT && name.startsWith("root/") ? Fault.FAILS : Fault.NONE);
        try (Repository writer = Repository.open(
                failing, sandbox.context, new Credential.KeyFile(sandbox.writerKey()), Sandbox.SILENT)) {
            writer.backup(BackupRequest.of("test", List.of(Sandbox.path(source))), Sandbox.SILENT);
        }
    }

    @Test
    void aSegmentThatNoRootNamesGoesWhenNobodyWhoCouldNameItIsAtWork() throws IOException {
        String first = backUp(1);
        List<String> listing = TreeListing.of(source);
        List<ObjectName> before = sandbox.store.names("i/");
        Files.write(source.resolve("file2"), Bytes.random(2, 100_000));
        assertThatThrownBy(this::backUpAndDieBeforeTheIndexNamesIt).isInstanceOf(BackupException.class);
        var strange = ObjectName.of("i/0-x");
        sandbox.store.overwrite(strange, new byte[10]);
        List<ObjectName> left = sandbox.store.names("i/");
        assertThat(left).hasSize(before.size() + 2);

        collect();

        assertThat(sandbox.store.names("i/")).isEqualTo(left);

        collect(CollectRequest.usual(), LONGER_THAN_A_LEASE);

        assertThat(sandbox.store.names("i/")).contains(strange).hasSize(live().size() + 1);
        assertThat(sandbox.verify(VerifyLevel.RESTORE).damaged()).isEmpty();
        sandbox.restore(first, source, temp.resolve("out"));
        assertThat(TreeListing.of(temp.resolve("out"))).isEqualTo(listing);
    }

    @Test
    void aSegmentLeftBehindGoesAlsoWhereThereIsNoGarbage() throws IOException {
        String only = backUp(1);
        sandbox.store.overwrite(ObjectName.of("i/1-" + "cd".repeat(32)), new byte[10]);

        assertThat(collect().packs().deleted()).isZero();

        assertThat(sandbox.store.names("i/")).containsExactlyInAnyOrderElementsOf(live());
        assertWholeAndRestored(only);
        List<ObjectName> after = sandbox.store.names();
        collect();
        assertThat(sandbox.store.names()).isEqualTo(after);
    }

    @Test
    void manySmallPacksAreJoinedAndTheNextCollectionFindsNothingToDo() throws IOException {
        String last = "";
        for (int i = 0; i < 10; i++) {
            last = backUp(i);
        }
        int before = sandbox.store.names("d/").size()
                + sandbox.store.names("m/").size()
                + sandbox.store.names("r/").size();
        assertThat(before).isEqualTo(50);

        CollectResult result = collect();

        assertThat(result.packs()).isEqualTo(new CollectResult.Packs(5, 50, 50, 0));
        assertThat(sandbox.store.names("d/")).hasSize(1);
        assertThat(sandbox.store.names("m/")).hasSize(2);
        assertThat(sandbox.store.names("r/")).hasSize(2);
        assertWholeAndRestored(last);
        assertThat(collect().packs().rewritten()).isZero();
    }

    @Test
    void aFewSmallPacksStayAndOneCallJoinsNoMoreThanItsLimit() throws IOException {
        for (int i = 0; i < 4; i++) {
            backUp(i);
        }
        List<ObjectName> few = sandbox.store.names("d/");
        assertThat(collect().packs().rewritten()).isZero();
        assertThat(sandbox.store.names("d/")).isEqualTo(few);

        for (int i = 4; i < 10; i++) {
            backUp(i);
        }
        CollectResult limited =
                collect(new CollectRequest(false, 0.2, 300_000, Duration.ZERO, Set.of()), Duration.ZERO);
        assertThat(limited.packs().rewritten()).isBetween(1L, 49L);
        assertThat(sandbox.verify(VerifyLevel.CONTENT).damaged()).isEmpty();
    }
}
