package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.service.config.ApplicationEntry;
import org.medbackup.testkit.FreezableServer;
import org.medbackup.testkit.RecordedEvents;

/**
 * Applications that are frozen for too long, and groups of which a member is lost, cannot be closed, or needs more time than
 * all of them have.
 */
class FreezeFailureTest {

    @TempDir
    static Path machine;

    private static Site site;

    @TempDir
    Path temp;

    private final RecordedEvents events = new RecordedEvents();
    private volatile Consumer<BackupEvent> alsoHeard = event -> {};
    private FreezableServer records;
    private FreezableServer images;
    private Settings settings;
    private MedBackup product;

    @BeforeAll
    static void initialise() {
        site = new Site(machine).initialised();
        site.close();
    }

    @BeforeEach
    void start() throws IOException {
        records = new FreezableServer(temp.resolve("records"));
        images = new FreezableServer(temp.resolve("images"));
        Path file =
                Files.writeString(temp.resolve("medbackup.yaml"), """
                    applications:
                      records: {url: "%1$s", options: {polite: true}}
                      images: {url: "%2$s", options: {polite: true}}
                      gone: {url: "freezable://127.0.0.1:1/none"}
                      slow-records: {url: "%1$s", options: {markMillis: 200}}
                      patient-records: {url: "%1$s", budget: {frozen: 600 ms}}
                      patient-images: {url: "%2$s", budget: {frozen: 600 ms}}
                      late: {url: "%1$s", options: {markMillis: 700, trusting: true}, budget: {frozen: 300 ms}}
                      late-allowed:
                        url: "%1$s"
                        options: {markMillis: 700, trusting: true}
                        budget: {frozen: 300 ms}
                        allowCrashConsistent: true
                    groups:
                      ward: {members: [records, images], deadline: 10 s}
                      broken: {members: [records, gone], deadline: 10 s}
                      slow: {members: [slow-records, images], deadline: 150 ms}
                      patient: {members: [patient-records, patient-images], deadline: 1 s}
                    """.formatted(records.address(), images.address()));
        settings = Site.settings(site.state(), TimeSource.system())
                .with(MedBackup.configurationFile(Map.of()).load(file), Map.of())
                .with(Site.SMALL)
                .with(event -> {
                    events.accept(event);
                    alsoHeard.accept(event);
                });
        product = MedBackup.open(settings);
    }

    @AfterEach
    void stop() {
        product.close();
        records.close();
        images.close();
    }

    /** The restore points of the two servers of this test. */
    private List<SnapshotView> kept() {
        return product.snapshots(site.reading(), "", new TreeMap<>()).stream()
                .filter(point -> Set.of(shown(records), shown(images))
                        .contains(point.snapshot().source()))
                .toList();
    }

    private static String shown(FreezableServer server) {
        return "freezable://" + URI.create(server.address()).getAuthority();
    }

    private GroupedBackup backUp(String group) {
        return product.applications().backupGroup(site.writing(), group);
    }

    @Test
    void aGroupOfWhichOneMemberIsLostIsRepeatedOnceAsAWholeAndTheLossIsAFinding() {
        var copies = new AtomicInteger();
        alsoHeard = event -> {
            if (event instanceof BackupEvent.PhaseEnded ended
                    && ended.phase().equals("copy")
                    && ended.facts().toString().contains(shown(records))
                    && copies.incrementAndGet() == 1) {
                images.restart();
            }
        };

        GroupedBackup done = backUp("ward");

        assertThat(done.members().values())
                .extracting(ApplicationBackup::attempts)
                .containsExactly(2, 2);
        assertThat(kept())
                .as("of the attempt that was lost nothing is kept")
                .hasSize(2)
                .allSatisfy(point ->
                        assertThat(point.snapshot().evidence().get("group.run")).endsWith("-2"));
        assertThat(events.of(BackupEvent.Found.class))
                .singleElement()
                .satisfies(found -> assertThat(found.code()).isEqualTo(ErrorCode.APPLICATION_STATE_LOST));
        assertThat(images.isFrozen() || records.isFrozen()).isFalse();
        assertThat(images.farewells()).as("of two attempts and their watchdogs").isEqualTo(4);
    }

    @Test
    void aFreezeThatOutlastsItsBudgetIsEndedAndFailsTheBackup() {
        Site.failure(ErrorCode.FREEZE_LOST, () -> product.applications().backup(site.writing(), "late"));

        assertThat(records.longestFreeze()).isLessThan(Duration.ofMillis(600));
        assertThat(records.isFrozen()).isFalse();
        assertThat(kept()).isEmpty();
        assertThat(events.of(BackupEvent.Ended.class))
                .filteredOn(ended -> ended.outcome() == Outcome.FAILURE)
                .singleElement()
                .satisfies(ended -> assertThat(ended.toString()).contains("FREEZE_LOST"));
        assertThat(events.of(BackupEvent.Found.class))
                .singleElement()
                .satisfies(found -> assertThat(found.facts().open().get("thawedBy"))
                        .as("both keep the limit, and either may be first")
                        .isIn("lease", "watchdog"));
    }

    @Test
    void whereItIsAllowedTheRestorePointIsKeptAndSaysThatItIsLess() {
        ApplicationBackup made = product.applications().backup(site.writing(), "late-allowed");

        assertThat(made.state()).isEqualTo("DEGRADED");
        assertThat(made.consistency()).isEqualTo(ConsistencyLevel.CRASH_CONSISTENT);
        assertThat(records.longestFreeze()).isLessThan(Duration.ofMillis(600));
        assertThat(events.of(BackupEvent.Found.class))
                .singleElement()
                .satisfies(found -> assertThat(found.code()).isEqualTo(ErrorCode.FREEZE_LOST));
        assertThat(kept()).singleElement().satisfies(point -> {
            assertThat(point.snapshot().consistency()).isEqualTo(ConsistencyLevel.CRASH_CONSISTENT);
            assertThat(point.snapshot().evidence())
                    .containsEntry("application.lowered", "FREEZE_LOST")
                    .doesNotContainKey(HeldTime.EVIDENCE);
        });
    }

    @Test
    void aMemberThatCannotBeClosedDoesNotKeepTheOthersOpen() {
        images.refuseFarewells(true);

        Site.failure(ErrorCode.APPLICATION_FAILED, () -> backUp("ward"));

        assertThat(images.farewells()).isEqualTo(2);
        assertThat(records.farewells()).as("of the backup and its watchdog").isEqualTo(2);
    }

    @Test
    void aMemberThatCannotBeClosedDoesNotHideWhyTheGroupFailed() {
        records.refuseFarewells(true);

        BackupException failure = Site.failure(ErrorCode.APPLICATION_UNREACHABLE, () -> backUp("broken"));

        assertThat(failure.getSuppressed())
                .singleElement()
                .isInstanceOfSatisfying(
                        BackupException.class,
                        closing -> assertThat(closing.code()).isEqualTo(ErrorCode.APPLICATION_FAILED));
    }

    @Test
    void aGroupWhoseMembersWereMeasuredToNeedTooLongIsRefusedBeforeAnythingIsFrozen() {
        product.applications().backup(site.writing(), "slow-records");
        assertThat(kept())
                .singleElement()
                .satisfies(point -> assertThat(
                                Double.parseDouble(point.snapshot().evidence().get(HeldTime.EVIDENCE)))
                        .isBetween(0.2, 10.0));
        Duration before = records.longestFreeze();

        Site.failure(ErrorCode.GROUP_TOO_SLOW, () -> backUp("slow"));

        assertThat(records.longestFreeze()).isEqualTo(before);
        assertThat(images.longestFreeze()).isZero();
    }

    @Test
    void aGroupWhoseMembersMayNeedTooLongIsRefusedBeforeAnythingIsFrozen() {
        Site.failure(ErrorCode.GROUP_TOO_SLOW, () -> backUp("patient"));

        assertThat(records.longestFreeze()).isZero();
        assertThat(images.longestFreeze()).isZero();
    }

    @Test
    void whatWasMeasuredComesBeforeWhatIsAllowedAndWhatIsNotKnownIsNotCounted() {
        ApplicationEntry allowed = settings.configuration().applications().get("patient-records");
        ApplicationEntry usual = settings.configuration().applications().get("records");

        assertThat(HeldTime.expected(Map.of(HeldTime.EVIDENCE, "0.25"), allowed))
                .isEqualTo(Duration.ofMillis(250));
        assertThat(HeldTime.expected(Map.of(HeldTime.EVIDENCE, "soon"), allowed))
                .isEqualTo(Duration.ofMillis(600));
        assertThat(HeldTime.expected(Map.of(), allowed)).isEqualTo(Duration.ofMillis(600));
        assertThat(HeldTime.expected(Map.of(), usual)).isZero();
        assertThat(HeldTime.expected(Map.of(), null)).isZero();
        assertThat(HeldTime.shown(Duration.ofMillis(1250))).isEqualTo("1.25");
    }
}
