package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.corpus.Bytes;
import org.medbackup.testkit.MemoryStore;

/** Data of one class of placement never lies with that of another, and its packs say to the target where they belong. */
class TieredBackupTest {

    @TempDir
    Path temp;

    private Sandbox sandbox;
    private Path source;

    /** The extension of a file is the name of its tier. */
    private record ByExtension(String keyDomain) implements PlacementPolicy {

        @Override
        public Placement place(FileFacts file, Supplier<ByteBuffer> head) {
            String path = file.path().toString();
            String tier = path.substring(path.lastIndexOf('.') + 1);
            return new Placement(keyDomain, tier, "kept-" + tier, 0);
        }

        @Override
        public String digest() {
            return "cd".repeat(32);
        }
    }

    @BeforeEach
    void create() throws IOException {
        sandbox = new Sandbox(temp.resolve("one")).create();
        source = Files.createDirectory(temp.resolve("source"));
    }

    private void write(String name, long seed, int length) throws IOException {
        Files.write(source.resolve(name), Bytes.random(seed, length));
    }

    private String backup(Sandbox with, PlacementPolicy policy) {
        try (Repository repository = with.openAsWriter()) {
            return repository
                    .backup(
                            BackupRequest.of("test", List.of(Sandbox.path(source)))
                                    .placedBy(policy),
                            Sandbox.SILENT)
                    .snapshot();
        }
    }

    private Set<String> tiers(String prefix) {
        return sandbox.store.names(prefix).stream()
                .map(name -> sandbox.store.keeping(name).tier())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void packsOfDataSayToWhichTierTheyBelongAndWhatEveryRestorePointNeedsStaysAtTheRepository() throws IOException {
        write("a.disk", 1, 300_000);
        write("b.vault", 2, 300_000);
        write("c.vault", 3, 10_000);

        String id = backup(sandbox, new ByExtension("default"));

        assertThat(tiers("d/")).containsExactly("disk", "vault");
        assertThat(tiers("m/")).containsExactly("");
        assertThat(tiers("s/")).containsExactly("");
        assertThat(sandbox.store.names("p/")).hasSize(2);
        sandbox.restore(id, source, temp.resolve("out"));
        assertThat(TreeListing.of(temp.resolve("out"))).isEqualTo(TreeListing.of(source));
        assertThat(sandbox.verify(VerifyLevel.CONTENT).isWhole()).isTrue();
    }

    @Test
    void theSameContentInAnotherClassIsStoredAgainAndInItsOwnOnlyOnce() throws IOException {
        write("a.disk", 1, 3_000_000);
        backup(sandbox, new ByExtension("default"));
        int before = sandbox.store.names("d/").size();

        write("b.disk", 1, 3_000_000);
        backup(sandbox, new ByExtension("default"));
        int same = sandbox.store.names("d/").size();
        write("c.vault", 1, 3_000_000);
        backup(sandbox, new ByExtension("default"));

        assertThat(same).isEqualTo(before);
        assertThat(sandbox.store.names("d/")).hasSize(before + 1);
        assertThat(tiers("d/")).containsExactly("disk", "vault");
    }

    @Test
    void anotherMachineUsesTheNumbersOfTheClassesThatAreThere() throws IOException {
        write("a.disk", 1, 300_000);
        backup(sandbox, new ByExtension("default"));
        write("b.vault", 2, 300_000);
        write("c.disk", 1, 300_000);

        backup(sandbox.elsewhere(temp.resolve("two")), new ByExtension("default"));

        assertThat(sandbox.store.names("p/").stream().map(ObjectName::text)).containsExactly("p/01", "p/02");
        assertThat(sandbox.store.names("d/")).hasSize(2);
    }

    @Test
    void aDamagedClassCostsNoDataAndItsNumberIsNotUsedAgain() throws IOException {
        write("a.disk", 1, 300_000);
        String id = backup(sandbox, new ByExtension("default"));
        sandbox.store.flip(ObjectName.of("p/01"), 60);

        write("b.disk", 2, 300_000);
        String next = backup(sandbox, new ByExtension("default"));

        assertThat(sandbox.store.names("p/").stream().map(ObjectName::text)).containsExactly("p/01", "p/02");
        for (String each : List.of(id, next)) {
            sandbox.restore(each, source, temp.resolve(each));
        }
        assertThat(TreeListing.of(temp.resolve(next))).isEqualTo(TreeListing.of(source));
        assertThat(sandbox.verify(VerifyLevel.STRUCTURE).damaged())
                .anySatisfy(each -> assertThat(each.object()).isEqualTo("p/01"));
    }

    @Test
    void gcJoinsPacksOfOneClassOnlyAndSendsThemToItsTier() throws IOException {
        for (int i = 0; i < 12; i++) {
            write("a" + i + ".disk", i, 300_000);
            write("b" + i + ".vault", 100 + i, 300_000);
            backup(sandbox, new ByExtension("default"));
        }
        int before = sandbox.store.names("d/").size();

        CollectResult result;
        try (Repository repository = sandbox.open()) {
            result = repository.collect(CollectRequest.usual(), Sandbox.SILENT);
        }

        assertThat(result.packs().rewritten()).isPositive();
        assertThat(sandbox.store.names("d/")).hasSizeLessThan(before);
        assertThat(tiers("d/")).containsExactly("disk", "vault");
        assertThat(sandbox.verify(VerifyLevel.CONTENT).isWhole()).isTrue();
    }

    @Test
    void theIndexIsMadeAgainFromThePacksWithTheirClasses() throws IOException {
        write("a.disk", 1, 300_000);
        write("b.vault", 2, 300_000);
        backup(sandbox, new ByExtension("default"));
        sandbox.store.names("i/").forEach(sandbox.store::delete);

        write("c.vault", 2, 300_000);
        backup(sandbox.elsewhere(temp.resolve("two")), new ByExtension("default"));

        assertThat(sandbox.store.names("d/")).hasSize(2);
        assertThat(sandbox.verify(VerifyLevel.CONTENT).isWhole()).isTrue();
    }

    @Test
    void aSecondCopyHasTheClassesToo() throws IOException {
        write("a.disk", 1, 300_000);
        String id = backup(sandbox, new ByExtension("default"));
        var target = new MemoryStore();

        try (Repository repository = sandbox.open()) {
            repository.copy(id, target, Sandbox.SILENT);
        }

        Sandbox copy = new Sandbox(temp.resolve("copy"), target);
        assertThat(target.names("p/")).hasSize(1);
        assertThat(copy.verify(VerifyLevel.CONTENT).isWhole()).isTrue();
        copy.restore(id, source, temp.resolve("out"));
        assertThat(TreeListing.of(temp.resolve("out"))).isEqualTo(TreeListing.of(source));
    }

    @Test
    void aPackThatIsBroughtBackFromACopyGoesToItsTier() throws IOException {
        write("a.vault", 1, 300_000);
        String id = backup(sandbox, new ByExtension("default"));
        var target = new MemoryStore();
        ObjectName pack = sandbox.store.names("d/").getFirst();

        RepairResult repaired;
        try (Repository repository = sandbox.open()) {
            repository.copy(id, target, Sandbox.SILENT);
            sandbox.store.delete(pack);
            repaired = repository.repair(List.of(pack.text()), target);
        }

        assertThat(repaired.repaired()).containsExactly(pack.text());
        assertThat(sandbox.store.keeping(pack).tier()).isEqualTo("vault");
    }

    @Test
    void aKeyDomainIsMadeWithThePasswordAndDataOfItComesBack() throws IOException {
        write("a.vault", 1, 300_000);
        assertThatThrownBy(() -> backup(sandbox, new ByExtension("part2")))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.KEY_DOMAIN_UNKNOWN));
        try (Repository repository = sandbox.open()) {
            repository.keys().addDomain("part2", Sandbox.password(), 10);
            assertThat(repository.keys().domains()).containsExactly("default");
            assertThatThrownBy(() -> repository.keys().addDomain("Part 2", Sandbox.password(), 10))
                    .hasMessageContaining("1 to 63");
        }

        String id;
        try (Repository repository = sandbox.open()) {
            assertThat(repository.keys().domains()).containsExactly("default", "part2");
            assertThatThrownBy(() -> repository.keys().addDomain("part2", Sandbox.password(), 10))
                    .hasMessageContaining("of this name");
            id = repository
                    .backup(
                            BackupRequest.of("test", List.of(PathBytes.of(source.toString())))
                                    .placedBy(new ByExtension("part2")),
                            Sandbox.SILENT)
                    .snapshot();
        }

        assertThat(sandbox.verify(VerifyLevel.CONTENT).isWhole()).isTrue();
        sandbox.restore(id, source, temp.resolve("out"));
        assertThat(TreeListing.of(temp.resolve("out"))).isEqualTo(TreeListing.of(source));
    }
}
