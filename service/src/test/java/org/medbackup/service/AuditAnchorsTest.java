package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.AuditTrail;
import org.medbackup.audit.Finding;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.CollectRequest;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.MemoryStore;

/** Checkpoints of the audit trail that lie where this host cannot change them. */
class AuditAnchorsTest {

    @TempDir
    Path temp;

    private SimulatedSite site;

    @BeforeEach
    void open() {
        site = new SimulatedSite(temp, "anchors", 11);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private static int anchors(MemoryStore store) {
        return store.names(AuditAnchors.PREFIX).size();
    }

    private AnchoredTrail anchored() {
        return MedBackup.verifyAudit(
                temp.resolve("state"), "sim://anchors", site.product().configuration());
    }

    private static List<Finding.Code> codes(AnchoredTrail trail) {
        return trail.verification().findings().stream().map(Finding::code).toList();
    }

    private List<AuditEntry> entries() {
        try (var key = StateFolder.existingKey(temp.resolve("state"));
                AuditTrail trail =
                        AuditTrail.open(temp.resolve("state/audit"), key, TimeSource.system(), Entropy.system())) {
            return trail.entries(0).toList();
        }
    }

    @Test
    void afterAJobTheRepositoryAndTheTargetHoldTheCheckpointOfItsEnd() {
        site.run("records");

        assertThat(anchors(site.repository)).isEqualTo(1);
        assertThat(anchors(site.vault)).isEqualTo(1);
        AnchoredTrail found = anchored();
        assertThat(found.verification().valid()).isTrue();
        assertThat(found.places()).extracting(AnchoredTrail.Place::name).containsExactly("repository", "vault");
        long covered = found.places().getFirst().entries();
        assertThat(found.places()).allMatch(place -> place.failed() == null && place.entries() == covered);
        assertThat(entries().subList(0, (int) covered))
                .last()
                .matches(entry -> "job".equals(entry.action()) && entry.event().equals("ended"));
    }

    @Test
    void itIsLockedAsLongAsARestorePoint() {
        String snapshot = site.run("records").snapshots().getFirst();

        Keeping asked = site.vault.keeping(site.vault.names(AuditAnchors.PREFIX).getFirst());
        assertThat(asked.locks()).isTrue();
        assertThat(asked).isEqualTo(site.repository.keeping(ObjectName.of("s/" + snapshot)));
    }

    @Test
    void whatIsKeptTellsNothingToOthers() {
        site.run("records");

        ObjectName name = site.repository.names(AuditAnchors.PREFIX).getFirst();
        assertThat(name.text()).matches("b/[0-9a-f]{32}");
        assertThat(new String(site.repository.readAll(name), StandardCharsets.ISO_8859_1))
                .doesNotContain("medbackup")
                .doesNotContain("anchors");
    }

    @Test
    void anOldCopyOfTheWholeTrailIsFoundOutByTheAnchorsAlone() throws IOException {
        site.run("records");
        site.restart();
        copy(temp.resolve("state/audit"), temp.resolve("old"));
        site.run("records");
        site.restart();
        site.product().close();
        replace(temp.resolve("state/audit"), temp.resolve("old"));

        assertThat(MedBackup.verifyAudit(temp.resolve("state")).valid()).isTrue();
        assertThat(codes(anchored())).containsOnly(Finding.Code.AUDIT_ROLLBACK).isNotEmpty();
    }

    @Test
    void aTrailThatWentOnDifferentlyIsFoundOut() throws IOException {
        site.run("records");
        site.restart();
        copy(temp.resolve("state/audit"), temp.resolve("old"));
        site.run("records");
        site.restart();
        site.product().close();
        replace(temp.resolve("state/audit"), temp.resolve("old"));
        // More entries than before, but others.
        site.restart();
        for (int i = 0; i < 60; i++) {
            site.product().verifyAudit();
        }
        site.restart();

        assertThat(MedBackup.verifyAudit(temp.resolve("state")).valid()).isTrue();
        assertThat(codes(anchored())).containsOnly(Finding.Code.AUDIT_ROLLBACK).isNotEmpty();
    }

    @Test
    void aTargetThatIsAwayKeepsNothingFromBeingDoneAndItIsOnRecord() {
        site.trouble(new SimulatedSite.Trouble() {
            @Override
            public FaultyStore.Fault call(String target, FaultyStore.Call call, String name) {
                if (target.equals("vault") && name.startsWith(AuditAnchors.PREFIX)) {
                    throw ErrorCode.STORE_UNAVAILABLE.because("nobody answers").with("cause", "ConnectException");
                }
                return FaultyStore.Fault.NONE;
            }
        });
        JobResult result = site.run("records");

        assertThat(result.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(anchors(site.repository)).isEqualTo(1);
        assertThat(anchors(site.vault)).isZero();
        site.restart();
        assertThat(entries())
                .anyMatch(entry -> "audit-anchor".equals(entry.action())
                        && "STORE_UNAVAILABLE".equals(entry.code())
                        && "vault".equals(entry.facts().get("target")));

        site.run("records");
        assertThat(anchors(site.vault)).isEqualTo(1);
    }

    @Test
    void aPlaceThatCannotBeAskedIsToldAndAnswersNothing() {
        site.run("records");
        site.trouble(new SimulatedSite.Trouble() {
            @Override
            public FaultyStore.Fault call(String target, FaultyStore.Call call, String name) {
                if (target.equals("vault")) {
                    throw ErrorCode.STORE_UNAVAILABLE.because("nobody answers").with("cause", "ConnectException");
                }
                return FaultyStore.Fault.NONE;
            }
        });
        AnchoredTrail found = anchored();

        assertThat(found.verification().valid()).isTrue();
        assertThat(found.places().getLast().failed()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(found.places().getLast().entries()).isEqualTo(-1);
    }

    @Test
    void theAnchorsOfOtherHostsAndWhatIsNoneSayNothingAboutThisOne() {
        site.run("records");
        try (MedBackup other = site.opened(site.settings("other-state", "other"))) {
            other.jobs().run(site.access(""), List.of("clinic"));
        }
        site.repository.flip(site.repository.names(AuditAnchors.PREFIX).getFirst(), 40);

        assertThat(anchors(site.repository)).isEqualTo(2);
        AnchoredTrail found = anchored();
        assertThat(found.verification().valid()).isTrue();
        assertThat(found.places().getFirst().heads()).hasSizeLessThan(2);
        assertThat(found.places().getLast().heads()).hasSize(1);
    }

    @Test
    void theyOutliveWhatTakesAwayEverythingElse() {
        String first = site.run("records").snapshots().getFirst();
        site.forget("", first);
        site.time.advance(Duration.ofDays(400));
        site.product().collect(site.access(""), CollectRequest.usual());

        assertThat(anchors(site.repository)).isEqualTo(1);
        assertThat(anchored().verification().valid()).isTrue();
    }

    @Test
    void aDaemonKeepsOneOnceInTenMinutesAndTheLastOneBeforeItEnds() {
        site.run("clinic", RunHold.NONE);
        site.run("clinic", RunHold.NONE);
        site.run("clinic", RunHold.NONE);
        assertThat(anchors(site.repository)).isEqualTo(1);
        site.time.advance(Duration.ofMinutes(11));
        site.run("clinic", RunHold.NONE);
        assertThat(anchors(site.repository)).isEqualTo(2);
        site.run("clinic", RunHold.NONE);
        site.restart();
        assertThat(anchors(site.repository)).isEqualTo(3);
    }

    private static void replace(Path folder, Path by) throws IOException {
        Files.move(folder, folder.resolveSibling("replaced"));
        copy(by, folder);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
