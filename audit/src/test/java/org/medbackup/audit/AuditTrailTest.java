package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.core.Secret;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.FailedException;
import org.medbackup.core.event.BackupEvent;

class AuditTrailTest {

    @TempDir
    Path temp;

    @Test
    void filesAreForTheirOwnerOnly() throws IOException {
        Path folder = Trails.closed(temp.resolve("a/audit"), 300);

        for (Path file : Trails.files(folder)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.filter(Files::isDirectory).toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                        .isEqualTo("rwx------");
            }
        }
    }

    @Test
    void theEndOfAnOperationIsSignedAtOnceAndTheRestWhenTheTrailIsClosed() {
        AuditTrail trail = Trails.open(temp);
        trail.accept(Trails.started("a"));
        assertThat(Trails.verify(temp).checkpoints()).isEqualTo(1);
        trail.accept(Trails.ended("a"));
        assertThat(Trails.verify(temp).checkpoints()).isEqualTo(2);
        trail.accept(Trails.started("b"));
        trail.close();
        trail.close();

        assertThat(Trails.verify(temp)).isEqualTo(new AuditVerification(3, 3, true, List.of()));
        Trails.open(temp).close();
        assertThat(Trails.verify(temp).checkpoints()).isEqualTo(3);
    }

    @Test
    void aClosedTrailTakesNothing() {
        AuditTrail trail = Trails.open(temp);
        trail.close();

        BackupEvent event = Trails.started("a");
        assertThatThrownBy(() -> trail.accept(event)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(trail::head).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void entriesAreReadFromAnyNumberOn() {
        Trails.closed(temp, 600);
        try (AuditTrail trail = Trails.open(temp)) {
            assertThat(trail.entries(0)).hasSize(600);
            assertThat(trail.entries(255)).map(AuditEntry::index).startsWith(255L, 256L, 257L);
            assertThat(trail.entries(599)).hasSize(1);
            assertThat(trail.entries(600)).isEmpty();
            assertThatThrownBy(() -> trail.entries(-1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anEntryIsProvenToBeInTheTreeAndTheTreeToHaveGrownOnly() {
        Trails.closed(temp, 300);
        try (AuditTrail trail = Trails.open(temp)) {
            TreeHead before = trail.head();
            trail.accept(Trails.started("more"));
            TreeHead after = trail.head();

            for (long index : new long[] {0, 1, 255, 256, 299, 300}) {
                Hash leaf = trail.entries(index).findFirst().orElseThrow().leaf();
                assertThat(trail.proofOfInclusion(index).verifies(leaf, after.root()))
                        .isTrue();
            }
            assertThat(trail.proofOfConsistency(300, 301).verifies(before.root(), after.root()))
                    .isTrue();
            assertThatThrownBy(() -> trail.proofOfInclusion(301)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> trail.proofOfConsistency(300, 302)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void threadsThatAppendTogetherShareOneSync() throws Exception {
        var syncs = new AtomicInteger();
        try (AuditTrail trail = Trails.open(temp, channel -> {
                    syncs.incrementAndGet();
                    channel.force(false);
                });
                var pool = Executors.newFixedThreadPool(16)) {
            int before = syncs.get();
            var work = new ArrayList<Callable<Void>>();
            for (int i = 0; i < 400; i++) {
                String name = "op" + i;
                work.add(() -> {
                    trail.accept(Trails.started(name));
                    return null;
                });
            }
            for (var done : pool.invokeAll(work)) {
                done.get();
            }

            assertThat(syncs.get() - before).isLessThan(300);
            assertThat(trail.entries(0).map(AuditEntry::operation).distinct()).hasSize(400);
        }
        assertThat(Trails.findings(temp)).isEmpty();
    }

    @Test
    void anInterruptedThreadRecordsAllTheSame() {
        try (AuditTrail trail = Trails.open(temp)) {
            Thread.currentThread().interrupt();
            trail.accept(Trails.started("a"));
            assertThat(Thread.interrupted()).isTrue();
            trail.accept(Trails.ended("a"));

            assertThat(trail.head().size()).isEqualTo(2);
        }
    }

    @Test
    void twoTrailsOnOneFolderSeeEachOthersEntries() {
        try (AuditTrail one = Trails.openWithoutSync(temp);
                AuditTrail two = Trails.openWithoutSync(temp)) {
            for (int i = 0; i < 300; i++) {
                (i % 2 == 0 ? one : two).accept(i % 3 == 0 ? Trails.ended("op" + i) : Trails.started("op" + i));
            }

            assertThat(one.head()).isEqualTo(two.head());
            assertThat(two.entries(0)).hasSize(300);
        }
        assertThat(Trails.findings(temp)).isEmpty();
    }

    @Test
    void damageThatIsMetWhileReadingIsTold() throws IOException {
        Trails.closed(temp, 300);
        byte[] first = Files.readAllBytes(temp.resolve("entries/000"));
        try (AuditTrail trail = Trails.open(temp)) {
            first[first.length - 1] ^= 1;
            Files.write(temp.resolve("entries/000"), first);
            assertThat(trail.entries(0).limit(1)).isEmpty();
        } catch (DamageException damage) {
            assertThat(damage).hasMessageContaining("entry 255 cannot be read");
        }
        try (AuditTrail trail = Trails.open(temp)) {
            Files.delete(temp.resolve("entries/000"));
            assertThatThrownBy(() -> trail.entries(0).count()).isInstanceOf(FailedException.class);
            Files.delete(temp.resolve("tile/0/000"));
            assertThatThrownBy(() -> trail.proofOfInclusion(1)).isInstanceOf(DamageException.class);
        }
    }

    @Test
    void aVerificationIsValidWhereNothingIsWrong() {
        List<Finding> findings = List.of(new Finding(Finding.Code.NO_TRAIL, -1, "none"));

        assertThatThrownBy(() -> new AuditVerification(0, 0, true, findings))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHostKeyThatCouldBeGuessedIsRefused() {
        Secret weak = Secret.ofText("short");

        assertThatThrownBy(() -> AuditTrail.verify(temp, weak)).isInstanceOf(IllegalArgumentException.class);
    }
}
