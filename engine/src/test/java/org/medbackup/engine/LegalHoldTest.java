package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.MemoryStore;

/** What a legal hold covers is given up by nobody, whatever the rules say, until it is released. */
class LegalHoldTest {

    private static final PlacementPolicy POLICY = PlacementPolicy.single();
    private static final RetentionRules NEWEST = new RetentionRules(1, 0, 0, 0, 0, Duration.ZERO);

    @TempDir
    Path temp;

    private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T10:00:00Z"));
    private final MemoryStore store = new MemoryStore();
    private EngineContext context;
    private Path source;

    @BeforeEach
    void create() throws IOException {
        context = Sandbox.at(Sandbox.context(temp.resolve("state")), time);
        Repository.create(store, context, Sandbox.password(), 10);
        source = Files.createDirectories(temp.resolve("ward/east"));
    }

    private Repository open() {
        return Repository.open(store, context, new Credential.Password(Sandbox.password()), Sandbox.SILENT);
    }

    private String backup(Repository repository, String name) {
        try {
            Files.writeString(source.resolve("chart"), name + time.now());
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
        time.advance(Duration.ofDays(1));
        return repository
                .backup(BackupRequest.of(name, List.of(Sandbox.path(source))), Sandbox.SILENT)
                .snapshot();
    }

    private static LegalHold.Selector of(String sourceName) {
        return new LegalHold.Selector(Set.of(), sourceName, "", List.of(), Optional.empty(), Optional.empty());
    }

    private static LegalHold.Selector below(String path) {
        return new LegalHold.Selector(Set.of(), "", "", List.of(path), Optional.empty(), Optional.empty());
    }

    private static void fails(ErrorCode code, Runnable work) {
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    @Test
    void rulesGiveUpNothingThatAHoldCoversUntilItIsReleased() {
        try (Repository repository = open()) {
            String held = backup(repository, "ward");
            String free = backup(repository, "office");
            backup(repository, "ward");
            backup(repository, "office");
            LegalHold hold = repository.holds().place("Doe v. Clinic", "counsel", of("ward"), POLICY);

            ForgetResult result = repository.forget(NEWEST, false, Sandbox.SILENT);

            assertThat(result.removed()).containsExactly(free);
            assertThat(result.refused()).singleElement().satisfies(refused -> {
                assertThat(refused.id()).isEqualTo(held);
                assertThat(refused.reason()).contains(hold.id()).doesNotContain("Doe");
            });
            repository.holds().release(hold.id(), "settled", "counsel", POLICY);
            assertThat(repository.forget(NEWEST, false, Sandbox.SILENT).removed())
                    .containsExactly(held);
        }
    }

    @Test
    void aRestorePointThatIsNamedIsRefusedToo() {
        try (Repository repository = open()) {
            String held = backup(repository, "ward");
            backup(repository, "ward");
            repository.holds().place("matter 7", "counsel", LegalHold.Selector.of(Set.of(held)), POLICY);

            assertThat(repository.forget(Set.of(held), false, Sandbox.SILENT).refused())
                    .extracting(ForgetResult.Refused::id)
                    .containsExactly(held);
            assertThat(repository.snapshots(Sandbox.SILENT))
                    .extracting(Snapshot::id)
                    .contains(held);
        }
    }

    @Test
    void whatIsMadeLaterIsCoveredToo() {
        try (Repository repository = open()) {
            LegalHold hold = repository.holds().place("matter 7", "counsel", of("ward"), POLICY);
            String later = backup(repository, "ward");
            backup(repository, "ward");

            assertThat(repository.forget(NEWEST, false, Sandbox.SILENT).removed())
                    .isEmpty();
            assertThat(repository.holds().covered(hold, Sandbox.SILENT))
                    .extracting(Snapshot::id)
                    .contains(later)
                    .hasSize(2);
        }
    }

    @Test
    void pathsAboveAndBelowAreCoveredAndNeighboursAreNot() {
        try (Repository repository = open()) {
            backup(repository, "ward");
            Snapshot point = repository.snapshots(Sandbox.SILENT).getFirst();
            String east = source.toAbsolutePath().toString();

            assertThat(below(east).covers(point)).isTrue();
            assertThat(below(east + "/chart").covers(point)).isTrue();
            assertThat(below(temp.resolve("ward").toString()).covers(point)).isTrue();
            assertThat(below("/").covers(point)).isTrue();
            assertThat(below(east + "ern").covers(point)).isFalse();
            assertThat(below("/elsewhere").covers(point)).isFalse();
        }
    }

    @Test
    void timeHostAndIdLimitWhatIsCovered() {
        try (Repository repository = open()) {
            String id = backup(repository, "ward");
            Snapshot point = repository.snapshots(Sandbox.SILENT).getFirst();
            Optional<Instant> made = Optional.of(point.time());
            Optional<Instant> after = Optional.of(point.time().plusMillis(1));
            Optional<Instant> none = Optional.empty();

            assertThat(new LegalHold.Selector(Set.of(), "", "", List.of(), made, after).covers(point))
                    .isTrue();
            assertThat(new LegalHold.Selector(Set.of(), "", "", List.of(), after, none).covers(point))
                    .isFalse();
            assertThat(new LegalHold.Selector(Set.of(), "", "", List.of(), none, made).covers(point))
                    .isFalse();
            assertThat(new LegalHold.Selector(Set.of(), "", "test-host", List.of(), none, none).covers(point))
                    .isTrue();
            assertThat(new LegalHold.Selector(Set.of(), "", "other", List.of(), none, none).covers(point))
                    .isFalse();
            assertThat(LegalHold.Selector.of(Set.of(id)).covers(point)).isTrue();
            assertThat(LegalHold.Selector.of(Set.of("0".repeat(32))).covers(point))
                    .isFalse();
            assertThat(LegalHold.Selector.ALL.covers(point)).isTrue();
        }
    }

    @Test
    void aHoldThatCannotCoverAnythingIsRefused() {
        Instant now = time.now();
        fails(
                ErrorCode.USAGE,
                () -> new LegalHold.Selector(Set.of(), "", "", List.of(), Optional.of(now), Optional.of(now)));
        fails(ErrorCode.USAGE, () -> below("relative"));
    }

    @Test
    void whatWasPlacedStandsInTheList() {
        try (Repository repository = open()) {
            var selector = new LegalHold.Selector(
                    Set.of("ab".repeat(16)),
                    "ward",
                    "host",
                    List.of("/a", "/b"),
                    Optional.of(Instant.parse("2020-01-01T00:00:00Z")),
                    Optional.of(Instant.parse("2021-01-01T00:00:00Z")));
            LegalHold first = repository.holds().place("one", "anne", selector, POLICY);
            time.advance(Duration.ofSeconds(1));
            LegalHold second = repository.holds().place("two", "bert", LegalHold.Selector.ALL, POLICY);

            assertThat(repository.holds().list()).containsExactly(first, second);
            assertThat(first.selector()).isEqualTo(selector);
            assertThat(first.since()).isEqualTo(Instant.parse("2026-03-01T10:00:00Z"));
            assertThat(repository.holds().release(first.id().substring(0, 6), "over", "anne", POLICY))
                    .isEqualTo(first);
            assertThat(repository.holds().list()).containsExactly(second);
            fails(ErrorCode.HOLD_NOT_FOUND, () -> repository.holds().release(first.id(), "again", "anne", POLICY));
            fails(ErrorCode.HOLD_NOT_FOUND, () -> repository.holds().release("", "any", "anne", POLICY));
            fails(ErrorCode.USAGE, () -> repository.holds().release(second.id(), " ", "anne", POLICY));
            fails(ErrorCode.USAGE, () -> repository.holds().place("x".repeat(1001), "a", selector, POLICY));
        }
    }

    @Test
    void nothingIsGivenUpWhileAHoldCannotBeRead() {
        try (Repository repository = open()) {
            backup(repository, "ward");
            backup(repository, "ward");
            repository.holds().place("matter", "counsel", of("office"), POLICY);
            ObjectName name = store.names("h/").getFirst();
            byte[] whole = store.readAll(name);
            byte[] broken = whole.clone();
            broken[broken.length / 2] ^= 1;
            store.overwrite(name, broken);

            fails(ErrorCode.HOLDS_UNREADABLE, () -> repository.forget(NEWEST, false, Sandbox.SILENT));
            assertThat(repository
                            .verify(VerifyLevel.STRUCTURE, 1, Set.of(), Sandbox.SILENT)
                            .damaged())
                    .extracting(VerifyResult.Damage::object)
                    .contains(name.text());
            store.overwrite(name, whole);
            assertThat(repository.forget(NEWEST, false, Sandbox.SILENT).removed())
                    .hasSize(1);
        }
    }

    @Test
    void whatSomebodyElsePutThereIsNoHoldAndStopsTheForgetting() {
        try (Repository repository = open()) {
            backup(repository, "ward");
            backup(repository, "ward");
            repository.holds().place("matter", "counsel", of("office"), POLICY);
            byte[] copied = store.readAll(store.names("h/").getFirst());
            store.putIfAbsent(ObjectName.of("h/0123456789ab-01234567"), ObjectContent.of(copied));

            fails(ErrorCode.HOLDS_UNREADABLE, () -> repository.forget(NEWEST, false, Sandbox.SILENT));
        }
    }

    @Test
    void anotherNameBelowItIsPassedOver() {
        try (Repository repository = open()) {
            backup(repository, "ward");
            backup(repository, "ward");
            store.putIfAbsent(ObjectName.of("h/note"), ObjectContent.of(new byte[3]));

            assertThat(repository.forget(NEWEST, false, Sandbox.SILENT).removed())
                    .hasSize(1);
        }
    }

    @Test
    void anUnreadableRestorePointIsGivenUpOnlyWhereNoHoldMayCoverIt() {
        try (Repository repository = open()) {
            String broken = backup(repository, "ward");
            backup(repository, "ward");
            for (String folder : List.of("s/", "c/")) {
                byte[] object = store.readAll(ObjectName.of(folder + broken));
                object[object.length / 2] ^= 1;
                store.overwrite(ObjectName.of(folder + broken), object);
            }
            LegalHold wide = repository.holds().place("matter", "counsel", of("office"), POLICY);

            assertThat(repository.forget(Set.of(broken), false, Sandbox.SILENT).refused())
                    .hasSize(1);
            repository.holds().release(wide.id(), "over", "counsel", POLICY);
            repository.holds().place("other", "counsel", LegalHold.Selector.of(Set.of("0".repeat(32))), POLICY);
            assertThat(repository.forget(Set.of(broken), false, Sandbox.SILENT).removed())
                    .containsExactly(broken);
        }
    }

    @Test
    void aCopyHoldsWhatTheOriginalHolds() {
        var other = new MemoryStore();
        try (Repository repository = open()) {
            backup(repository, "ward");
            repository.holds().place("matter", "counsel", of("ward"), POLICY);
            repository.copy("latest", other, Sandbox.SILENT);
            backup(repository, "ward");
            repository.copy("latest", other, Sandbox.SILENT);
        }
        try (Repository copy =
                Repository.open(other, context, new Credential.Password(Sandbox.password()), Sandbox.SILENT)) {
            assertThat(copy.forget(NEWEST, false, Sandbox.SILENT).removed()).isEmpty();
            assertThat(copy.holds().list()).extracting(LegalHold::matter).containsExactly("matter");
        }
    }

    @Test
    void whoMayNotForgetPlacesAndReadsNone() {
        Repository.Created created;
        var fresh = new MemoryStore();
        created = Repository.create(fresh, context, Sandbox.password(), 10);
        try (Repository writer =
                Repository.open(fresh, context, new Credential.KeyFile(created.writerKey()), Sandbox.SILENT)) {
            fails(
                    ErrorCode.KEY_ROLE_INSUFFICIENT,
                    () -> writer.holds().place("matter", "nobody", LegalHold.Selector.ALL, POLICY));
            fails(ErrorCode.KEY_ROLE_INSUFFICIENT, () -> writer.holds().list());
        }
    }

    @Test
    void nothingOfItStandsReadablyAtTheTarget() {
        try (Repository repository = open()) {
            repository.holds().place("Doe v. Clinic", "counsel", below("/srv/doe"), POLICY);
        }
        String object = new String(store.readAll(store.names("h/").getFirst()), StandardCharsets.ISO_8859_1);

        assertThat(object).doesNotContain("Doe").doesNotContain("/srv").doesNotContain("counsel");
    }
}
