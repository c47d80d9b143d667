package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.files.Bundle;
import org.medbackup.audit.files.Frame;
import org.medbackup.core.error.CapacityException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.FailedException;

/** What a crash can leave, and what a disk can refuse. */
class RecoveryTest {

    @TempDir
    Path temp;

    private static int end(byte[] bundle, int frames) {
        return Bundle.scan(bundle).leading().stream()
                .limit(frames)
                .mapToInt(Frame::length)
                .sum();
    }

    @Test
    void aTailCutAtAnyByteBehindTheLastCheckpointIsMendedAndRecorded() throws IOException {
        Path crashed = Trails.crashed(temp.resolve("crashed"), temp.resolve("audit"), 2, 2);
        byte[] bytes = Files.readAllBytes(crashed.resolve("entries/000"));
        int signed = end(bytes, 2);
        int third = end(bytes, 3);
        for (int length = signed; length <= bytes.length; length++) {
            Path folder = Trails.copy(crashed, temp.resolve("cut" + length));
            Files.write(folder.resolve("entries/000"), Arrays.copyOf(bytes, length));
            int whole = length < third ? 2 : length < bytes.length ? 3 : 4;
            int torn = length - (whole == 2 ? signed : whole == 3 ? third : bytes.length);

            List<String> before = Trails.findings(folder);
            assertThat(before).isEqualTo(torn == 0 ? List.of() : List.of("TORN_TAIL " + whole));
            try (AuditTrail trail = Trails.openWithoutSync(folder)) {
                List<AuditEntry> entries = trail.entries(whole).toList();
                assertThat(entries).hasSize(torn == 0 ? 0 : 1);
                entries.forEach(entry -> assertRecovered(entry, "entries", torn));
                trail.accept(Trails.ended("after"));
            }
            assertThat(Trails.findings(folder)).isEmpty();
        }
    }

    private static void assertRecovered(AuditEntry entry, String kind, int bytes) {
        assertThat(entry.event()).isEqualTo("recovered");
        assertThat(entry.action()).isEqualTo("audit.recover");
        assertThat(entry.facts()).containsAllEntriesOf(Map.of("torn", kind, "bytes", String.valueOf(bytes)));
    }

    @Test
    void entriesCutAtAnyByteBeforeTheLastCheckpointAreATruncation() throws IOException {
        Path folder = temp.resolve("audit");
        try (AuditTrail trail = Trails.openWithoutSync(folder)) {
            trail.accept(Trails.phase("a"));
            trail.accept(Trails.phase("a"));
        }
        byte[] bytes = Files.readAllBytes(folder.resolve("entries/000"));
        for (int length = 0; length < bytes.length; length++) {
            Files.write(folder.resolve("entries/000"), Arrays.copyOf(bytes, length));
            int whole = Bundle.scan(Arrays.copyOf(bytes, length)).leading().size();

            assertThat(Trails.findings(folder)).containsExactly("TRUNCATED " + whole);
            assertThatThrownBy(() -> Trails.openWithoutSync(folder)).isInstanceOf(DamageException.class);
        }
        assertThat(Files.size(folder.resolve("entries/000"))).isEqualTo(bytes.length - 1);
    }

    @Test
    void aCheckpointCutAtAnyByteIsMendedAndRecorded() throws IOException {
        Path closed = Trails.closed(temp.resolve("audit"), 3);
        byte[] bytes = Files.readAllBytes(closed.resolve("checkpoints"));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int second = text.indexOf("medbackup", text.indexOf("\n\n", text.indexOf("\n\n") + 1));
        for (int length = second; length < bytes.length; length += Trails.stepAt(bytes, length)) {
            Path folder = Trails.copy(closed, temp.resolve("cut" + length));
            Files.write(folder.resolve("checkpoints"), Arrays.copyOf(bytes, length));
            int torn = length - second;

            assertThat(Trails.findings(folder)).isEqualTo(torn == 0 ? List.of() : List.of("TORN_TAIL 0"));
            try (AuditTrail trail = Trails.openWithoutSync(folder)) {
                List<AuditEntry> entries = trail.entries(3).toList();
                assertThat(entries).hasSize(torn == 0 ? 0 : 1);
                entries.forEach(entry -> assertRecovered(entry, "checkpoints", torn));
            }
            assertThat(Trails.findings(folder)).isEmpty();
            assertThat(Trails.verify(folder).checkpoints()).isEqualTo(2);
        }
    }

    @Test
    void theFirstCheckpointCutAtAnyByteIsWrittenAnewWhereThereAreNoEntries() throws IOException {
        Path fresh = Trails.closed(temp.resolve("audit"), 0);
        byte[] bytes = Files.readAllBytes(fresh.resolve("checkpoints"));
        for (int length = 0; length < bytes.length; length += Trails.stepAt(bytes, length)) {
            Files.write(fresh.resolve("checkpoints"), Arrays.copyOf(bytes, length));
            assertThat(Trails.verify(fresh).valid()).isFalse();
            Trails.openWithoutSync(fresh).close();

            assertThat(Files.readAllBytes(fresh.resolve("checkpoints"))).isEqualTo(bytes);
        }
        assertThat(Trails.verify(fresh)).isEqualTo(new AuditVerification(0, 1, true, List.of()));
        Files.delete(fresh.resolve("checkpoints"));
        Files.delete(fresh.resolve("key.pub"));
        Trails.openWithoutSync(fresh).close();
        assertThat(Files.readAllBytes(fresh.resolve("checkpoints"))).isEqualTo(bytes);
    }

    @Test
    void garbageOfAPowerCutIsCutOffAndKept() throws IOException {
        Path folder = Trails.crashed(temp.resolve("crashed"), temp.resolve("audit"), 2, 3);
        byte[] bytes = Files.readAllBytes(folder.resolve("entries/000"));
        int begin = end(bytes, 3);
        Arrays.fill(bytes, begin, begin + 40, (byte) 0);
        Files.write(folder.resolve("entries/000"), bytes);

        try (AuditTrail trail = Trails.openWithoutSync(folder)) {
            assertRecovered(trail.entries(3).findFirst().orElseThrow(), "entries", bytes.length - begin);
        }
        assertThat(folder.resolve("torn/000000000003-entries"))
                .hasBinaryContent(Arrays.copyOfRange(bytes, begin, bytes.length));
        assertThat(Trails.findings(folder)).isEmpty();
    }

    @Test
    void bothTailsAreMendedAndSoIsOneThatAKilledProcessLeavesWhileWeWrite() throws IOException {
        Path folder = Trails.crashed(temp.resolve("crashed"), temp.resolve("audit"), 2, 1);
        append(folder.resolve("entries/000"), "torn");
        append(folder.resolve("checkpoints"), "medback");
        try (AuditTrail trail = Trails.openWithoutSync(folder)) {
            assertThat(trail.entries(3))
                    .map(entry -> entry.facts().get("torn"))
                    .containsExactly("entries", "checkpoints");
            append(folder.resolve("entries/000"), "torn again");
            trail.accept(Trails.started("b"));

            assertThat(trail.entries(5)).map(AuditEntry::event).containsExactly("recovered", "started");
        }
        assertThat(Trails.findings(folder)).isEmpty();
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    @Test
    void aRecoveryThatTheDiskRefusedToRecordIsRecordedLater() throws IOException {
        Path folder = Trails.crashed(temp.resolve("crashed"), temp.resolve("audit"), 2, 1);
        append(folder.resolve("entries/000"), "torn");
        var syncs = new AtomicInteger();
        assertThatThrownBy(() -> Trails.open(folder, channel -> {
                    // The folder of the evidence, its bytes and its name are durable; the entry is not.
                    if (syncs.incrementAndGet() > 4) {
                        throw new IOException("No space left on device");
                    }
                }))
                .isInstanceOf(CapacityException.class);
        assertThat(folder.resolve("torn/000000000003-entries")).hasContent("torn");
        assertThat(Trails.findings(folder)).isEmpty();

        try (AuditTrail trail = Trails.openWithoutSync(folder)) {
            assertRecovered(trail.entries(3).findFirst().orElseThrow(), "entries", 4);
        }
        assertThat(Trails.findings(folder)).isEmpty();
    }

    @Test
    void aCrashBetweenAFullFileOfEntriesAndItsTileIsMended() throws IOException {
        Path folder = temp.resolve("crashed");
        try (AuditTrail trail = Trails.openWithoutSync(temp.resolve("audit"))) {
            for (int i = 0; i < 255; i++) {
                trail.accept(Trails.started("op" + i));
            }
            Trails.copy(temp.resolve("audit"), folder);
            trail.accept(Trails.started("last"));
        }
        Files.copy(
                temp.resolve("audit/entries/000"), folder.resolve("entries/000"), StandardCopyOption.REPLACE_EXISTING);
        Files.write(folder.resolve("unfinished"), new byte[10]);

        assertThat(Trails.findings(folder)).isEmpty();
        Trails.openWithoutSync(folder).close();
        assertThat(folder.resolve("tile/0/000")).hasSameBinaryContentAs(temp.resolve("audit/tile/0/000"));
        assertThat(folder.resolve("unfinished")).doesNotExist();
        assertThat(Trails.verify(folder)).isEqualTo(new AuditVerification(256, 2, true, List.of()));
    }

    @Test
    void whatTheDiskRefusesIsNotRecordedAndTheTrailGoesOnWhenItObeysAgain() {
        var refuse = new AtomicBoolean();
        try (AuditTrail trail = Trails.open(temp, channel -> {
            if (refuse.get()) {
                throw new IOException("No space left on device");
            }
        })) {
            trail.accept(Trails.started("a"));
            refuse.set(true);
            assertThatThrownBy(() -> trail.accept(Trails.started("b"))).hasMessageContaining("No space left");
            refuse.set(false);
            trail.accept(Trails.ended("a"));

            assertThat(trail.entries(0)).map(AuditEntry::event).containsExactly("started", "ended");
        }
        assertThat(Trails.findings(temp)).isEmpty();
    }

    @Test
    void aFolderThatIsRemovedWhileItIsInUseIsNoticed() throws IOException {
        AuditTrail trail = Trails.openWithoutSync(temp.resolve("audit"));
        trail.accept(Trails.started("a"));
        Files.move(temp.resolve("audit"), temp.resolve("moved"));

        assertThatThrownBy(() -> trail.accept(Trails.started("b")))
                .isInstanceOf(DamageException.class)
                .hasMessageContaining("removed");
    }

    @Test
    void filesThatAreRemovedOrShortenedWhileInUseAreNoticed() throws IOException {
        for (String name : List.of("entries/000", "checkpoints")) {
            Path folder = temp.resolve(name.substring(0, 3));
            AuditTrail trail = Trails.openWithoutSync(folder);
            trail.accept(Trails.started("a"));
            Files.write(folder.resolve(name), new byte[3]);

            assertThatThrownBy(() -> trail.accept(Trails.started("b"))).isInstanceOf(DamageException.class);
        }
    }

    @Test
    void aRemovedLockIsMadeAnew() throws IOException {
        try (AuditTrail one = Trails.openWithoutSync(temp);
                AuditTrail two = Trails.openWithoutSync(temp)) {
            one.accept(Trails.started("a"));
            Files.delete(temp.resolve("lock"));
            two.accept(Trails.started("b"));
            one.accept(Trails.started("c"));
        }
        assertThat(temp.resolve("lock")).exists();
        assertThat(Trails.verify(temp).entries()).isEqualTo(3);
    }

    @Test
    void aFolderThatCannotBeUsedIsToldAsSuch() throws IOException {
        Files.write(temp.resolve("file"), new byte[1]);

        assertThatThrownBy(() -> Trails.open(temp.resolve("file"))).isInstanceOf(FailedException.class);
        assertThatThrownBy(() -> Trails.open(temp.resolve("file/below"))).isInstanceOf(FailedException.class);
    }

    @Test
    void aTrailThatLacksAPartIsNotContinued() throws IOException {
        for (String name : List.of("key.pub", "checkpoints", "entries/001", "tile/0/000")) {
            Path folder = Trails.closed(temp.resolve(name.replace('/', '-')), 300);
            Files.delete(folder.resolve(name));

            assertThatThrownBy(() -> Trails.open(folder)).as(name).isInstanceOf(DamageException.class);
            assertThat(folder.resolve(name)).doesNotExist();
        }
    }
}
