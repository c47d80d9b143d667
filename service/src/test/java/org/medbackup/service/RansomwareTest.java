package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.ForgetResult;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.RepositoryOptions;
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.Suspicion;
import org.medbackup.testkit.ManualTime;

/** A sweep of ransomware among the files of a hospital is found by the backup after it, and ordinary days are not. */
class RansomwareTest {

    private static final boolean LONG = Boolean.getBoolean("long");
    private static final int FILES = LONG ? 5000 : 1000;
    private static final int SWEPT = 200;
    private static final RetentionRules NEWEST = new RetentionRules(1, 0, 0, 0, 0, Duration.ZERO);

    @TempDir
    Path temp;

    private final List<BackupEvent> heard = new ArrayList<>();
    private Path share;
    private MedBackup product;
    private RepositoryAccess access;

    @BeforeEach
    void begin() throws IOException {
        share = Files.createDirectories(temp.resolve("share"));
        access = new RepositoryAccess(
                temp.resolve("home").toString(), new CredentialSource.Password(Secret.ofText(Site.PASSWORD)));
        product = open("");
        product.init(
                access,
                temp.resolve("writer.key"),
                new RepositoryOptions(KeyDerivation.PBKDF2, RepositoryOptions.Signatures.ED25519));
    }

    @AfterEach
    void end() {
        product.close();
    }

    private MedBackup open(String more) throws IOException {
        Path file = Files.writeString(
                temp.resolve("medbackup.yaml"), "repository: \"" + temp.resolve("home") + "\"\n" + more);
        return MedBackup.open(Settings.of(temp.resolve("state"), new Actor("j.doe", "backup01", null, null))
                .with(Site.SMALL)
                .with(heard::add)
                .with(MedBackup.configurationFile(Map.of()).load(file), Map.of()));
    }

    private BackupResult backup() {
        return product.backup(access, BackupOrder.of(List.of(Site.path(share))));
    }

    private List<Suspicion> suspect() {
        return product.anomalies().list(access);
    }

    private List<ErrorCode> found() {
        return heard.stream()
                .filter(BackupEvent.Found.class::isInstance)
                .map(each -> ((BackupEvent.Found) each).code())
                .toList();
    }

    @Test
    void fourteenOrdinaryDaysAreNoAlarmAndASweepIsFoundByTheNextRunAndFreezesItsSource() throws IOException {
        var hospital = new Hospital(share, 18).with(FILES);
        String before = "";
        for (int run = 0; run < 15; run++) {
            before = backup().snapshot();
            hospital.day();
        }
        assertThat(suspect()).as("false alarms").isEmpty();
        assertThat(found()).isEmpty();

        List<Path> victims = hospital.chosen(SWEPT);
        long telling = victims.stream()
                .filter(each -> !each.toString().endsWith(".ibd"))
                .count();
        for (Path each : victims) {
            Hospital.encrypt(each);
        }
        BackupResult after = backup();

        assertThat(after.isComplete()).isTrue();
        assertThat(after.signs().swept()).isBetween((long) Math.ceil(0.99 * telling), telling);
        Suspicion suspicion = suspect().getFirst();
        assertThat(suspicion.snapshot()).isEqualTo(after.snapshot());
        assertThat(suspicion.signs()).contains("SWEEP");
        assertThat(suspicion.clean()).isEqualTo(before);
        assertThat(found()).containsExactly(ErrorCode.RANSOMWARE_SUSPECTED);
        ForgetResult frozen = product.forget(access, NEWEST, List.of(), false);
        assertThat(frozen.removed()).isEmpty();
        assertThat(frozen.refused()).hasSize(15);
        assertThat(product.snapshots(access, "", new TreeMap<>()).stream().filter(SnapshotView::suspect))
                .hasSize(1);
        assertThat(product.incidents().list().toString()).contains("RANSOMWARE_SUSPECTED", before);

        product.anomalies().clear(access, after.snapshot(), "the wards have got new disk encryption");

        assertThat(suspect()).isEmpty();
        assertThat(product.forget(access, NEWEST, List.of(), false).removed()).hasSize(15);
        assertThat(heard.toString()).doesNotContain("disk encryption");
        assertThat(product.verifyAudit().valid()).isTrue();
    }

    @Test
    void aSweepOfBlocksAndOneThatRenamesAreFoundBeforeThereIsABaseline() throws IOException {
        var hospital = new Hospital(share, 19).with(300);
        backup();
        List<Path> blocks = hospital.chosen(60);
        for (Path each : blocks) {
            Hospital.encryptEveryOtherBlock(each);
        }
        BackupResult intermittent = backup();
        long telling = blocks.stream()
                .filter(each -> !each.toString().endsWith(".ibd"))
                .count();
        assertThat(intermittent.signs().swept()).isGreaterThanOrEqualTo((long) (0.99 * telling));
        assertThat(suspect()).extracting(Suspicion::snapshot).containsExactly(intermittent.snapshot());

        List<Path> renamed = new ArrayList<>(hospital.files());
        renamed.removeAll(blocks);
        for (Path each : renamed.subList(0, 80)) {
            Hospital.encrypt(each);
            Files.move(each, each.resolveSibling(each.getFileName() + ".locked"));
        }
        BackupResult moved = backup();
        assertThat(moved.signs().renamed()).isEqualTo(80);
        assertThat(moved.signs().swept()).isGreaterThanOrEqualTo(60);
        assertThat(suspect())
                .extracting(Suspicion::snapshot)
                .containsExactly(intermittent.snapshot(), moved.snapshot());
    }

    @Test
    void newNamesOfOneExtensionInPlaceOfOldFilesAreFound() throws IOException {
        var hospital = new Hospital(share, 20).with(300);
        backup();
        int number = 0;
        for (Path each : hospital.chosen(60)) {
            Hospital.encrypt(each);
            Files.move(each, share.resolve(number++ + ".wcry"));
        }

        BackupResult after = backup();

        assertThat(after.signs().strange()).isEqualTo(60);
        assertThat(suspect().getFirst().signs()).containsExactly("NEW_EXTENSION");
    }

    @Test
    void whenTheStateIsLostTheNamesOfFilesStillTell() throws IOException {
        var hospital = new Hospital(share, 21).with(300);
        backup();
        for (Path each : hospital.files()) {
            if (each.toString().matches(".*\\.(jpg|gz|csv)")) {
                Hospital.encrypt(each);
            }
        }
        product.close();
        try (var all = Files.walk(temp.resolve("state"))) {
            all.filter(each -> each.toString().endsWith(".scan"))
                    .forEach(each -> each.toFile().delete());
        }
        product = open("");

        backup();

        assertThat(suspect().getFirst().signs()).containsExactly("SWEEP");
    }

    @Test
    void whatThisHostKnewOfASourceComesFromTheManifestsWhereItIsLost() throws IOException {
        var hospital = new Hospital(share, 22).with(120);
        for (int run = 0; run < 15; run++) {
            backup();
            hospital.day();
        }
        product.close();
        try (var all = Files.walk(temp.resolve("state/anomaly"))) {
            all.filter(Files::isRegularFile).forEach(each -> each.toFile().delete());
        }
        product = open("");
        for (Path each : hospital.files().subList(0, 100)) {
            Files.delete(each);
        }

        backup();

        assertThat(suspect().getFirst().signs()).contains("DELETIONS");
    }

    @Test
    void aCanaryThatIsTouchedIsEnoughAndWhatIsDeclaredIsNot() throws IOException {
        product.close();
        Path canary =
                Site.write(share.resolve("a/accounts.txt"), "nobody writes here".getBytes(StandardCharsets.UTF_8));
        product = open("anomaly:\n  canaries: [\"" + canary + "\"]\n  encrypted: [\"*.csv\"]\n");
        var hospital = new Hospital(share, 23).with(300);
        backup();
        for (Path each : hospital.files()) {
            if (each.toString().endsWith(".csv")) {
                Hospital.encrypt(each);
            }
        }
        BackupResult declared = backup();
        assertThat(declared.signs().swept()).isZero();
        assertThat(suspect()).isEmpty();

        Files.delete(canary);
        backup();

        assertThat(suspect().getFirst().signs()).containsExactly("CANARY");
    }

    @Test
    void nothingIsJudgedWhereItIsSwitchedOff() throws IOException {
        product.close();
        product = open("anomaly: {detection: \"off\"}\n");
        var hospital = new Hospital(share, 24).with(100);
        backup();
        for (Path each : hospital.files()) {
            Hospital.encrypt(each);
        }

        backup();

        assertThat(suspect()).isEmpty();
    }

    @Test
    void whereItCannotBeJudgedTheBackupIsGoodAndItIsSaid() throws IOException {
        Site.write(share.resolve("chart.txt"), "a".repeat(1000).getBytes(StandardCharsets.UTF_8));
        Files.writeString(temp.resolve("state/anomaly"), "in the way");

        BackupResult done = backup();

        assertThat(done.isComplete()).isTrue();
        assertThat(found()).containsExactly(ErrorCode.ANOMALY_NOT_JUDGED);
        assertThat(product.snapshots(access, "", new TreeMap<>())).hasSize(1);
    }

    @Test
    void aClockThatWasSetBackGivesNothingUpAndPointsFromTheFutureAreAnIncident() throws IOException {
        var time = new ManualTime(Instant.parse("2026-03-01T10:00:00Z"));
        product.close();
        try (MedBackup dated =
                MedBackup.open(Site.settings(temp.resolve("other"), time).with(heard::add))) {
            Site.write(share.resolve("chart.txt"), "a".getBytes(StandardCharsets.UTF_8));
            dated.backup(access, BackupOrder.of(List.of(Site.path(share))));
            time.advance(Duration.ofDays(30));
            String fake = dated.backup(access, BackupOrder.of(List.of(Site.path(share))))
                    .snapshot();
            time.advance(Duration.ofDays(-20));

            ForgetResult result = dated.forget(access, NEWEST, List.of(), false);

            assertThat(result.removed()).isEmpty();
            assertThat(result.refused()).singleElement().satisfies(each -> {
                assertThat(each.id()).isEqualTo(fake);
                assertThat(each.quarantined()).isTrue();
            });
            assertThat(found()).contains(ErrorCode.SNAPSHOT_FROM_FUTURE);
            assertThat(dated.incidents().list().toString()).contains("SNAPSHOT_FROM_FUTURE");
            time.advance(Duration.ofHours(-1));
            Site.failure(ErrorCode.CLOCK_NOT_BELIEVED, () -> dated.forget(access, NEWEST, List.of(), false));
            time.advance(Duration.ofDays(400));
            Site.failure(ErrorCode.CLOCK_NOT_BELIEVED, () -> dated.forget(access, NEWEST, List.of(), false));
        }
        product = open("");
    }
}
