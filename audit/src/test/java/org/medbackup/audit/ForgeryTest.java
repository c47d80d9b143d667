package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.merkle.GrowingTree;
import org.medbackup.audit.merkle.TreeHead;

/** Entries that somebody writes who lacks the key, and whole trails that are put back. */
class ForgeryTest {

    @TempDir
    Path temp;

    private Path trail(int entries) {
        return Trails.closed(temp.resolve("audit"), entries);
    }

    @Test
    void anEntryForgedBehindTheLastCheckpointIsFound() throws IOException {
        Path folder = Trails.crashed(temp.resolve("crashed"), temp.resolve("audit"), 10, 2);
        Forger.rewrite(Forger.bundle(folder, 0), frames -> {
            frames.set(11, Forger.edited(frames.get(11), "scan", "send"));
            frames.add(Forger.edited(frames.get(11), "\"seq\":11", "\"seq\":12"));
            frames.add(Forger.edited(frames.get(11), "\"seq\":11", "\"seq\":500"));
        });

        assertThat(Trails.findings(folder)).containsExactly("FORGED_ENTRY 11", "FORGED_ENTRY 12", "FORGED_ENTRY 13");
        Forger.assertRefusesToAppend(folder);
    }

    /** The checkpoints are cut to an old one, and everything behind it is written anew, with hashes that fit. */
    @Test
    void aForgedTailBehindAnOldCheckpointIsFound() throws IOException {
        Path folder = trail(300);
        Path old = Trails.closed(temp.resolve("old"), 200);
        Files.copy(old.resolve("checkpoints"), folder.resolve("checkpoints"), StandardCopyOption.REPLACE_EXISTING);
        var hashes = new ArrayList<byte[]>();
        var tree = new GrowingTree((level, index, tile) -> hashes.add(tile));
        for (int number = 0; number < 2; number++) {
            int first = number * 256;
            Forger.rewrite(Forger.bundle(folder, number), frames -> {
                for (int i = 0; i < frames.size(); i++) {
                    if (first + i >= 200) {
                        frames.set(i, Forger.edited(frames.get(i), "j.doe", "k.roe"));
                    }
                    tree.add(frames.get(i).leaf());
                }
            });
        }
        Files.write(folder.resolve("tile/0/000"), hashes.getFirst());

        List<String> findings = Trails.findings(folder);
        assertThat(findings).contains("FORGED_ENTRY 200", "FORGED_ENTRY 255", "FORGED_ENTRY 299");
        assertThat(findings).doesNotContain("FORGED_ENTRY 199", "CHANGED_ENTRY 199");
        Forger.assertRefusesToAppend(folder);
    }

    @Test
    void anOldCopyOfTheWholeTrailIsFoundByAHeadThatWasKeptElsewhere() throws IOException {
        Path folder = trail(300);
        Path old = Trails.copy(folder, temp.resolve("old"));
        TreeHead kept;
        try (AuditTrail trail = Trails.open(folder)) {
            kept = trail.head();
            trail.accept(Trails.started("more"));
            trail.accept(Trails.ended("more"));
        }
        TreeHead later = head(folder);

        assertThat(Trails.verify(old).valid()).isTrue();
        assertThat(Trails.findings(AuditTrail.verify(old, Trails.KEY, List.of(later, kept))))
                .containsExactly("AUDIT_ROLLBACK 300");
        assertThat(AuditTrail.verify(folder, Trails.KEY, List.of(later, kept)).valid())
                .isTrue();

        try (AuditTrail trail = Trails.open(old)) {
            trail.accept(Trails.started("something"));
            trail.accept(Trails.ended("else"));
        }
        assertThat(Trails.findings(AuditTrail.verify(old, Trails.KEY, List.of(later, kept))))
                .containsExactly("AUDIT_ROLLBACK 302");
    }

    private static TreeHead head(Path folder) {
        try (AuditTrail trail = Trails.open(folder)) {
            return trail.head();
        }
    }

    @Test
    void aTrailThatWasSetBackAndWentOnDifferentlyDoesNotFitItsLaterCheckpoints() throws IOException {
        Path folder = trail(10);
        Path fork = Trails.copy(folder, temp.resolve("fork"));
        try (AuditTrail trail = Trails.open(folder)) {
            trail.accept(Trails.ended("one"));
        }
        try (AuditTrail trail = Trails.open(fork)) {
            trail.accept(Trails.ended("two"));
        }
        Files.write(folder.resolve("checkpoints"), Files.readAllBytes(fork.resolve("checkpoints")));

        assertThat(Trails.findings(folder)).containsExactly("AUDIT_ROLLBACK 11");
        Forger.assertRefusesToAppend(folder);
    }
}
