package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.files.Disk;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.FailedException;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.SeededEntropy;

/** Backups go on where the trail cannot be written; nothing else does. */
class SpooledTrailTest {

    private static final String EIO = "Input/output error";

    @TempDir
    Path temp;

    private final ManualTime time = new ManualTime();
    private final AtomicReference<String> fault = new AtomicReference<>("");

    private SpooledTrail open(long most) {
        var disk = new Disk(channel -> {
            if (!fault.get().isEmpty()) {
                throw new IOException(fault.get());
            }
        });
        var entropy = new SeededEntropy(3);
        AuditTrail trail = AuditTrail.reach(temp.resolve("audit"), Trails.KEY, time, entropy, disk);
        return SpooledTrail.of(
                trail,
                temp.resolve("spool"),
                new Disk(channel -> {}),
                Trails.KEY,
                time,
                new SeededEntropy(4),
                "backup"::equals,
                most);
    }

    private SpooledTrail open() {
        return open(SpooledTrail.USUAL_BYTES);
    }

    private static BackupEvent started(String operation, String action, Instant at) {
        return new BackupEvent.Started(
                at, operation, action, Trails.ACTOR, Facts.of("paths", 1).andVeiled("path", "/srv/canary"));
    }

    private static BackupEvent ended(String operation, String action, Instant at) {
        return new BackupEvent.Ended(
                at, operation, action, Trails.ACTOR, Outcome.SUCCESS, null, Duration.ofSeconds(2), Facts.NONE);
    }

    private static List<String> told(AuditTrail trail) {
        return trail.entries(0)
                .map(each -> each.event() + " " + each.operation())
                .toList();
    }

    private static ErrorCode codeOf(BackupException failed) {
        return failed.code();
    }

    @Test
    void backupsGoOnAndAreInTheTrailInTheirOrderOnceItCanBeWritten() {
        try (SpooledTrail trail = open()) {
            trail.accept(started("a", "backup", Trails.NOON));
            fault.set(EIO);
            trail.accept(Trails.phase("a"));
            trail.accept(ended("a", "backup", Trails.NOON.plusSeconds(60)));
            trail.accept(started("b", "backup", Trails.NOON.plusSeconds(61)));
            assertThat(trail.isWaiting()).isTrue();
            assertThat(trail.spooled()).isEqualTo(3);
            fault.set("");
            time.advance(Duration.ofSeconds(20));
            trail.accept(ended("b", "backup", Trails.NOON.plusSeconds(62)));

            assertThat(trail.isWaiting()).isFalse();
            assertThat(trail.takenUp()).isEqualTo(3);
            List<AuditEntry> late = trail.trail()
                    .entries(0)
                    .filter(each -> each.record().contains("\"spooled\""))
                    .toList();
            assertThat(late).extracting(AuditEntry::event).containsExactly("phase", "ended", "started");
            assertThat(late.getLast().time()).isEqualTo(Trails.NOON.plusSeconds(61));
            assertThat(late.getLast().veiled().get("path"))
                    .isEqualTo(trail.trail().tokenOf("/srv/canary"));
        }
        assertThat(Trails.findings(temp.resolve("audit"))).isEmpty();
        try (SpooledTrail trail = open()) {
            List<String> all = told(trail.trail());
            assertThat(all).first().isEqualTo("started a");
            assertThat(all).last().isEqualTo("ended b");
            assertThat(all).filteredOn(each -> each.startsWith("spool ")).hasSize(1);
        }
    }

    @Test
    void otherOperationsAreRefusedAsLongAsTheTrailCannotBeWritten() {
        try (SpooledTrail trail = open()) {
            fault.set(EIO);
            for (String action :
                    List.of("restore", "dump", "forget", "gc", "hold-place", "key-rotate", "policy-activate")) {
                assertThatThrownBy(() -> trail.accept(started("x", action, Trails.NOON)))
                        .as(action)
                        .isInstanceOfSatisfying(
                                BackupException.class,
                                failed -> assertThat(codeOf(failed)).isEqualTo(ErrorCode.STATE_UNUSABLE));
            }
            assertThat(trail.isWaiting()).isFalse();
            trail.accept(started("a", "backup", Trails.NOON));
            assertThatThrownBy(() -> trail.accept(started("y", "restore", Trails.NOON)))
                    .isInstanceOf(FailedException.class);
            fault.set("");
            // Without waiting for it to be tried again: what must not wait tries it at once, and comes behind what
            // waited.
            trail.accept(started("z", "restore", Trails.NOON));
            assertThat(told(trail.trail())).endsWith("started a", "started z");
        }
    }

    @Test
    void anOperationThatHadBegunBeforeIsNotLetGoOnEither() {
        try (SpooledTrail trail = open()) {
            trail.accept(started("r", "restore", Trails.NOON));
            fault.set(EIO);
            assertThatThrownBy(() -> trail.accept(Trails.phase("r"))).isInstanceOf(FailedException.class);
            fault.set("");
        }
    }

    @Test
    void aFullDiskIsWaitedForToo() {
        try (SpooledTrail trail = open()) {
            fault.set("No space left on device");
            trail.accept(started("a", "backup", Trails.NOON));
            assertThat(trail.isWaiting()).isTrue();
            fault.set("");
        }
    }

    @Test
    void aFullSpoolRefusesBackups() {
        try (SpooledTrail trail = open(2_000)) {
            fault.set(EIO);
            int taken = 0;
            FailedException refused = null;
            while (refused == null) {
                try {
                    trail.accept(started("a" + taken, "backup", Trails.NOON));
                    taken++;
                } catch (FailedException full) {
                    refused = full;
                }
            }
            assertThat(taken).isBetween(2, 8);
            assertThat(refused.code()).isEqualTo(ErrorCode.STATE_UNUSABLE);
            assertThat(refused).hasMessageContaining("as much as may wait");
            fault.set("");
            trail.accept(started("z", "restore", Trails.NOON));
            assertThat(told(trail.trail())).contains("started a0", "started a" + (taken - 1));
        }
    }

    @Test
    void whatWaitsIsSealedAndOutlivesTheProcess() throws IOException {
        SpooledTrail first = open();
        fault.set(EIO);
        first.accept(started("a", "backup", Trails.NOON));
        first.close();
        byte[] bytes = Files.readAllBytes(temp.resolve("spool/waiting"));
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                .doesNotContain("j.doe")
                .doesNotContain("backup")
                .doesNotContain("canary");

        // Nobody can write it yet.
        try (SpooledTrail second = open()) {
            assertThat(second.isWaiting()).isTrue();
            second.accept(ended("b", "restore-of-nothing-that-began", Trails.NOON.plusSeconds(1)));
        } catch (FailedException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.STATE_UNUSABLE);
        }
        fault.set("");
        try (SpooledTrail third = open()) {
            assertThat(third.isWaiting()).isFalse();
            assertThat(third.takenUp()).isEqualTo(1);
            assertThat(told(third.trail())).last().isEqualTo("started a");
        }
        assertThat(Trails.findings(temp.resolve("audit"))).isEmpty();
    }

    @Test
    void aSpoolWhoseTakingUpWasInterruptedIsTakenUpOnce() throws IOException {
        try (SpooledTrail trail = open()) {
            trail.accept(started("before", "backup", Trails.NOON));
            fault.set(EIO);
            for (int i = 0; i < 5; i++) {
                trail.accept(started("a" + i, "backup", Trails.NOON));
            }
        }
        Path waiting = temp.resolve("spool/waiting");
        byte[] kept = Files.readAllBytes(waiting);
        fault.set("");
        open().close();
        // Killed before the spool was deleted, but for its last record.
        Files.write(waiting, kept);
        Files.writeString(temp.resolve("spool/begun"), "1");
        try (SpooledTrail trail = open()) {
            assertThat(trail.isWaiting()).isFalse();
            assertThat(told(trail.trail()))
                    .filteredOn(each -> each.startsWith("started a"))
                    .containsExactly("started a0", "started a1", "started a2", "started a3", "started a4");
        }
        assertThat(Trails.findings(temp.resolve("audit"))).isEmpty();
    }

    @Test
    void damageInTheSpoolIsToldAndKept() throws IOException {
        try (SpooledTrail trail = open()) {
            fault.set(EIO);
            trail.accept(started("a", "backup", Trails.NOON));
            trail.accept(started("b", "backup", Trails.NOON));
        }
        Path waiting = temp.resolve("spool/waiting");
        byte[] bytes = Files.readAllBytes(waiting);
        bytes[bytes.length - 1] ^= 1;
        Files.write(waiting, bytes);
        Files.write(waiting, new byte[3], StandardOpenOption.APPEND);
        fault.set("");
        try (SpooledTrail trail = open()) {
            List<AuditEntry> all = trail.trail().entries(0).toList();
            assertThat(all).extracting(AuditEntry::operation).contains("a").doesNotContain("b");
            AuditEntry spool = all.get(all.size() - 2);
            assertThat(spool.facts()).containsEntry("waited", "1");
            assertThat(Long.parseLong(spool.facts().get("lostBytes"))).isGreaterThan(100);
            assertThat(temp.resolve("spool/damaged-" + spool.facts().get("spool")))
                    .exists();
        }
    }

    @Test
    void aDamagedTrailIsNotOneThatCannotBeWritten() throws IOException {
        try (SpooledTrail trail = open()) {
            trail.accept(ended("a", "backup", Trails.NOON));
        }
        Files.write(temp.resolve("audit/entries/000"), new byte[1]);

        assertThatThrownBy(this::open).isInstanceOf(DamageException.class);
    }

    @Test
    void aRecordThatIsTooLongToGetAPlaceLaterIsRefusedNow() {
        try (SpooledTrail trail = open()) {
            fault.set(EIO);
            trail.accept(started("a", "backup", Trails.NOON));
            var found = new BackupEvent.Found(
                    Trails.NOON, "a", ErrorCode.FILE_VANISHED, Facts.of("text", "x".repeat(65_300)));
            assertThatThrownBy(() -> trail.accept(found)).isInstanceOf(UsageException.class);
            fault.set("");
        }
    }
}
