package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.service.Site.failure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.AuditVerification;
import org.medbackup.core.Entropy;
import org.medbackup.core.HostSeal;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.Snapshot;
import org.medbackup.resilience.Trouble;
import org.medbackup.testkit.FaultyStore;

/** What belongs to a site follows each run into the repository, and comes back on a new machine. */
class SiteTest {

    @TempDir
    Path folder;

    private SimulatedSite site;

    @BeforeEach
    void makeSite() {
        site = new SimulatedSite(folder.resolve("old"), "site-" + folder.getFileName(), 1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Path state() {
        return folder.resolve("old/state");
    }

    private SiteRestoreOrder toNewPlaces() {
        return new SiteRestoreOrder(
                "", "", folder.resolve("new/etc/medbackup.yaml"), folder.resolve("new/state"), false);
    }

    private RestoredSite restored(SiteRestoreOrder order, String suffix) {
        return MedBackup.restoreSite(site.settings("unused", "spare"), site.access(suffix), order);
    }

    private void nothingIsInPlace() throws IOException {
        assertThat(folder.resolve("new/etc")).doesNotExist();
        assertThat(folder.resolve("new/state")).doesNotExist();
        if (Files.exists(folder.resolve("new"))) {
            assertThat(folder.resolve("new")).isEmptyDirectory();
        }
        assertThat(folder.resolve("unused")).doesNotExist();
    }

    @Test
    void theSiteIsCopiedAsWhatWasBackedUpIsAndIsNoRestorePointOfTheJob() {
        JobResult result = site.run("records");

        assertThat(result.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(result.snapshots()).hasSize(1).doesNotContainAnyElementsOf(site.ofSite(""));
        assertThat(site.ofSite("")).hasSize(1).isEqualTo(site.ofSite("-vault"));
        assertThat(site.missingCopies()).isEmpty();
        assertThat(site.holds("-vault", site.ofSite("").getFirst())).isTrue();
        Snapshot point = site.product()
                .snapshots(site.access(""), "site:host", new TreeMap<>())
                .getFirst()
                .snapshot();
        assertThat(point.tags()).isEmpty();
        assertThat(point.paths()).noneMatch(each -> each.contains(folder.toString()));
        assertThat(site.product().catalogue().list("records").points())
                .as("at the repository and at the vault, without the one of the site")
                .hasSize(2);
    }

    @Test
    void policiesIncidentsAndMissingCopiesAreThereOnTheNewMachineAndTheTrailGoesOn() throws IOException {
        site.trouble(silent("vault"));
        site.run("records");
        assertThat(site.incidents().list()).isNotEmpty();
        var missing = site.missingCopies();
        assertThat(missing).hasSize(2);
        Files.writeString(folder.resolve("old/plan.yaml"), "name: clinic\n");
        site.time.advance(Duration.ofHours(1));
        // When the site is being backed up: no other run goes by a policy that is none.
        site.trouble(new SimulatedSite.Trouble() {
            @Override
            public FaultyStore.Fault call(String at, FaultyStore.Call call, String name) {
                if (isOfSite() && call == FaultyStore.Call.PUT && !Files.exists(state().resolve("policy"))) {
                    try (Secret key = StateFolder.existingKey(state())) {
                        var seal = new HostSeal(key, PolicyStore.PURPOSE, Entropy.system());
                        new PolicyStore(state(), seal)
                                .activate(7, new PolicyStore.Activated("text of the policy", "signed", Instant.EPOCH));
                    }
                }
                return FaultyStore.Fault.NONE;
            }
        });
        site.run("clinic");
        site.calm();

        RestoredSite restored = restored(toNewPlaces(), "");

        assertThat(restored.host()).isEqualTo("host");
        assertThat(restored.plans()).containsExactly(folder.resolve("new/etc/plan.yaml"));
        assertThat(folder.resolve("new/etc/medbackup.yaml")).hasSameTextualContentAs(site.configuration());
        Path state = folder.resolve("new/state");
        AuditVerification found = MedBackup.verifyAudit(state);
        assertThat(found.findings()).isEmpty();
        assertThat(found.entries()).isGreaterThan(restored.entries());
        try (Secret key = StateFolder.existingKey(state)) {
            var seal = new HostSeal(key, PolicyStore.PURPOSE, Entropy.system());
            assertThat(new PolicyStore(state, seal).newest())
                    .hasValueSatisfying(policy -> assertThat(policy.text()).isEqualTo("text of the policy"));
        }
        assertThat(new CopyRecord(state).missing()).isEqualTo(missing);
        try (MedBackup other = site.opened(site.settings(state.toString(), "host"))) {
            assertThat(other.incidents().list())
                    .extracting(each -> each.cause().resource())
                    .contains("vault");
        }
        for (String left : List.of("cache", "run", "freeze", "drills")) {
            assertThat(folder.resolve("new/state").resolve(left)).as(left).satisfies(SiteTest::isAbsentOrEmpty);
        }
    }

    private static void isAbsentOrEmpty(Path folder) {
        try (Stream<Path> all = Files.exists(folder) ? Files.list(folder) : Stream.<Path>empty()) {
            assertThat(all).isEmpty();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    /** Whether this thread is backing up the site. */
    private static boolean isOfSite() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(each -> each.getClassName().equals(SiteBackup.class.getName())));
    }

    private static SimulatedSite.Trouble silent(String target) {
        return new SimulatedSite.Trouble() {
            @Override
            public FaultyStore.Fault call(String at, FaultyStore.Call call, String name) {
                if (at.equals(target)) {
                    throw ErrorCode.STORE_UNAVAILABLE.because("simulated");
                }
                return FaultyStore.Fault.NONE;
            }
        };
    }

    @Test
    void aSiteThatCannotBeReadDegradesTheRunThatItFollowsAndIsTold() throws IOException {
        site.run("records");
        Path away = Files.move(site.configuration(), folder.resolve("away.yaml"));
        site.write("note.txt", "second");
        site.time.advance(Duration.ofHours(1));

        JobResult result = site.run("records");

        assertThat(result.state()).isEqualTo(JobState.DEGRADED);
        assertThat(site.restored("", result.snapshots().getFirst(), "note.txt")).isEqualTo("second");
        assertThat(result.missingCopies()).isZero();
        assertThat(result.troubles())
                .allSatisfy(each -> assertThat(each.stage()).isEqualTo("site"));
        Trouble last = result.troubles().getLast();
        assertThat(last.cause().code()).isEqualTo(ErrorCode.SITE_UNREADABLE);
        assertThat(site.incidents().list())
                .extracting(each -> each.cause().failure())
                .contains("site-unreadable");
        assertThat(site.told).isNotEmpty();
        assertThat(site.ofSite("")).as("of the run before").hasSize(1);

        Files.move(away, site.configuration());
        site.time.advance(Duration.ofHours(1));
        assertThat(site.run("records").state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(site.ofSite("")).hasSize(2);
        assertThat(site.incidents().list())
                .extracting(each -> each.cause().failure() + " " + each.state())
                .doesNotContain("site-unreadable OPEN");
    }

    @Test
    void aTargetThatFailsInTheMiddleOfTheSiteIsTriedAgain() {
        var troubled = new SimulatedSite.Trouble() {
            Instant until = Instant.MAX;

            @Override
            public FaultyStore.Fault call(String at, FaultyStore.Call call, String name) {
                if (isOfSite() && until.equals(Instant.MAX)) {
                    until = site.time.now().plus(Duration.ofMinutes(3));
                }
                if (isOfSite() && site.time.now().isBefore(until)) {
                    throw ErrorCode.STORE_UNAVAILABLE.because("simulated");
                }
                return FaultyStore.Fault.NONE;
            }
        };
        site.trouble(troubled);

        JobResult result = site.run("clinic");

        assertThat(result.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(result.troubles())
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.stage()).isEqualTo("site"));
        assertThat(site.ofSite("")).hasSize(1);
    }

    @Test
    void ofTheSiteOnlyAsManyStayAsADiaryNeedsWhateverTheJobKeeps() {
        for (int run = 0; run < 13; run++) {
            site.product().backUpSite(site.access(""), site.configuration(), BackupRequest.Follower.NONE);
            site.time.advance(Duration.ofMinutes(1));
        }

        site.run("records");

        assertThat(site.ofSite("")).as("ten, and the newest").hasSize(11);
        assertThat(site.snapshots("")).hasSize(1);
    }

    @Test
    void aTrailThatWasChangedOnItsWayIsNotPutInPlace() throws IOException {
        Path entries = state().resolve("audit/entries/000");
        byte[] bytes = Files.readAllBytes(entries);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        bytes[text.indexOf("simulation")] ^= 1;
        Files.write(entries, bytes);
        site.run("clinic");

        failure(ErrorCode.AUDIT_DAMAGED, () -> restored(toNewPlaces(), ""));

        nothingIsInPlace();
    }

    @Test
    void aSiteOfWhichSomethingIsDamagedIsNotPutInPlaceAndAnOlderOneOrACopyIs() throws IOException {
        site.run("records");
        List<ObjectName> old = site.repository.names("d/");
        site.time.advance(Duration.ofHours(1));
        site.run("records");
        var changed = new ArrayList<>(site.repository.names("d/"));
        changed.removeAll(old);
        changed.forEach(pack -> site.repository.overwrite(pack, new byte[100]));

        failure(ErrorCode.OBJECT_DAMAGED, () -> restored(toNewPlaces(), ""));
        nothingIsInPlace();

        assertThat(restored(toNewPlaces(), "-vault").snapshot())
                .isEqualTo(site.ofSite("-vault").getLast());
    }

    @Test
    void whereSeveralHostsBackUpIntoARepositoryOneIsNamed() {
        site.run("clinic");
        try (MedBackup other = site.opened(site.settings("other", "ward"))) {
            other.jobs().run(site.access(""), List.of("clinic"));
        }

        failure(ErrorCode.SNAPSHOT_AMBIGUOUS, () -> restored(toNewPlaces(), ""));
        var ofWard = new SiteRestoreOrder(
                "", "ward", folder.resolve("new/medbackup.yaml"), folder.resolve("new/state"), false);
        assertThat(restored(ofWard, "").host()).isEqualTo("ward");
    }

    @Test
    void whereItWasIsWhereItGoesAndWhatStandsThereIsKept() throws IOException {
        site.run("clinic");

        assertThat(failure(ErrorCode.SITE_EXISTS, () -> restored(SiteRestoreOrder.usual(), ""))
                        .getMessage())
                .isNotEmpty();
        site.product().close();
        Files.move(state(), folder.resolve("old/moved"));
        Files.createDirectory(state());
        Files.move(site.configuration(), folder.resolve("old/moved.yaml.away"));

        RestoredSite restored = restored(SiteRestoreOrder.usual(), "");

        assertThat(restored.state()).isEqualTo(state());
        assertThat(restored.configuration()).isEqualTo(site.configuration());
        assertThat(restored.setAside()).isEmpty();
        assertThat(state()).isNotEmptyDirectory();
    }

    @Test
    void whereItCannotBePutItSaysSo() throws IOException {
        site.run("clinic");
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        var order = new SiteRestoreOrder("", "", folder.resolve("new/medbackup.yaml"), file.resolve("state"), false);

        failure(ErrorCode.TARGET_UNUSABLE, () -> restored(order, ""));
    }

    @Test
    void aDescriptionOfAnotherVersionOrOfNothingIsRefused() {
        String good = new String(
                new SiteDescription("h", Path.of("/etc/a.yaml"), List.of("p.yaml"), Path.of("/s")).json(),
                StandardCharsets.UTF_8);

        assertThat(described(good).beside()).containsExactly("p.yaml");
        failure(ErrorCode.REPOSITORY_TOO_NEW, () -> described(good.replace("\"1\"", "\"2\"")));
        failure(ErrorCode.OBJECT_DAMAGED, () -> described(good.replace("p.yaml", "../p.yaml")));
        failure(ErrorCode.OBJECT_DAMAGED, () -> described("{}"));
        failure(ErrorCode.OBJECT_DAMAGED, () -> described("no document"));
    }

    private static SiteDescription described(String json) {
        return SiteDescription.parse(json.getBytes(StandardCharsets.UTF_8));
    }
}
