package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.files.Bundle;
import org.medbackup.audit.files.Frame;
import org.medbackup.audit.merkle.GrowingTree;
import org.medbackup.core.error.DamageException;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.SeededEntropy;

/** What somebody can do who may write the files but does not know the host's key. */
class TamperingTest {

    @TempDir
    Path temp;

    private Path trail(int entries) {
        return Trails.closed(temp.resolve("audit"), entries);
    }

    @Test
    void anUntouchedTrailIsValid() {
        assertThat(Trails.verify(trail(600))).isEqualTo(new AuditVerification(600, 33, true, List.of()));
    }

    @Test
    void aChangedEntryIsFoundWhereverItIs() throws IOException {
        for (int entry : new int[] {0, 1, 100, 255, 256, 511, 512, 598, 599}) {
            Path folder = Trails.copy(trail(600), temp.resolve("copy" + entry));
            Forger.rewrite(
                    Forger.bundle(folder, entry / 256),
                    frames -> frames.set(entry % 256, Forger.edited(frames.get(entry % 256), "j.doe", "k.roe")));

            assertThat(Trails.findings(folder)).containsExactly("CHANGED_ENTRY " + entry);
        }
    }

    @Test
    void aChangedEntryIsFoundEvenWithItsTileMadeToFit() throws IOException {
        Path folder = trail(600);
        Forger.rewrite(
                Forger.bundle(folder, 0), frames -> frames.set(7, Forger.edited(frames.get(7), "j.doe", "k.roe")));
        var tree = new GrowingTree((level, index, hashes) -> write(folder.resolve("tile/0/000"), hashes));
        Bundle.read(Forger.bundle(folder, 0)).leading().forEach(frame -> tree.add(frame.leaf()));

        assertThat(Trails.findings(folder)).contains("CHANGED_ENTRY 7");
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void aChangedTagIsFoundAtItsEntryAndNotAtTheNext() throws IOException {
        Path folder = trail(600);
        Forger.rewrite(
                Forger.bundle(folder, 0),
                frames -> frames.set(9, new Frame(frames.get(9).record(), new byte[Frame.TAG])));

        assertThat(Trails.findings(folder)).containsExactly("CHANGED_ENTRY 9");
    }

    @Test
    void anEntryThatIsNoEntryAnyMoreIsAChangedOne() throws IOException {
        Path folder = trail(600);
        Forger.rewrite(
                Forger.bundle(folder, 0), frames -> frames.set(9, Forger.edited(frames.get(9), "\"seq\"", "\"Seq\"")));
        Forger.rewrite(
                Forger.bundle(folder, 2),
                frames -> frames.set(87, Forger.edited(frames.get(87), "\"seq\"", "\"Seq\"")));

        assertThat(Trails.findings(folder)).containsExactly("CHANGED_ENTRY 9", "CHANGED_ENTRY 599");
    }

    @Test
    void aRemovedEntryIsFound() throws IOException {
        Path folder = trail(600);
        Forger.rewrite(Forger.bundle(folder, 0), frames -> frames.remove(33));
        Forger.rewrite(Forger.bundle(folder, 2), frames -> frames.remove(8));

        assertThat(Trails.findings(folder)).containsExactly("REMOVED_ENTRY 33", "REMOVED_ENTRY 520");
        Forger.assertRefusesToAppend(folder);
    }

    @Test
    void aRemovedLastEntryIsATruncation() throws IOException {
        Path folder = trail(600);
        Forger.rewrite(Forger.bundle(folder, 2), List::removeLast);

        assertThat(Trails.findings(folder)).containsExactly("TRUNCATED 599");
        Forger.assertRefusesToAppend(folder);
    }

    @Test
    void aRepeatedEntryIsAnInsertedOne() throws IOException {
        Path folder = trail(600);
        Forger.rewrite(Forger.bundle(folder, 0), frames -> frames.add(34, frames.get(33)));
        Forger.rewrite(Forger.bundle(folder, 2), frames -> frames.add(frames.get(33)));

        assertThat(Trails.findings(folder)).containsExactly("INSERTED_ENTRY 33", "INSERTED_ENTRY 545");
    }

    @Test
    void anotherEntryOfTheSameNumberIsAnInsertedOneAndTheGenuineOneIsKnown() throws IOException {
        Path folder = trail(600);
        Forger.rewrite(
                Forger.bundle(folder, 0), frames -> frames.add(33, Forger.edited(frames.get(33), "j.doe", "k.roe")));

        assertThat(Trails.findings(folder)).containsExactly("INSERTED_ENTRY 33");
    }

    @Test
    void entriesOfAnotherPlaceBetweenTheOthersAreInsertedOnes() throws IOException {
        Path folder = trail(600);
        List<Frame> others = Bundle.read(Forger.bundle(folder, 1)).leading();
        Forger.rewrite(Forger.bundle(folder, 0), frames -> frames.add(12, others.get(12)));
        Forger.rewrite(Forger.bundle(folder, 2), frames -> frames.add(5, others.get(12)));

        assertThat(Trails.findings(folder)).containsExactly("INSERTED_ENTRY 12", "INSERTED_ENTRY 517");
    }

    @Test
    void moreThan256EntriesInAFileAreInsertedOnes() throws IOException {
        Path folder = trail(600);
        List<Frame> others = Bundle.read(Forger.bundle(folder, 1)).leading();
        Forger.rewrite(Forger.bundle(folder, 0), frames -> frames.add(others.getFirst()));

        assertThat(Trails.findings(folder)).containsExactly("INSERTED_ENTRY 256");
    }

    @Test
    void swappedEntriesAreFound() throws IOException {
        Path folder = trail(600);
        Forger.rewrite(Forger.bundle(folder, 0), frames -> Collections.swap(frames, 3, 4));
        Forger.rewrite(Forger.bundle(folder, 2), frames -> Collections.swap(frames, 10, 80));

        assertThat(Trails.findings(folder))
                .containsExactly(
                        "REORDERED_ENTRY 4", "REORDERED_ENTRY 3", "REORDERED_ENTRY 592", "REORDERED_ENTRY 522");
        Forger.assertRefusesToAppend(folder);
    }

    @Test
    void swappedEntriesOfTwoFilesAreFound() throws IOException {
        Path folder = trail(600);
        Frame first = Bundle.read(Forger.bundle(folder, 0)).leading().get(3);
        Frame second = Bundle.read(Forger.bundle(folder, 1)).leading().get(3);
        Forger.rewrite(Forger.bundle(folder, 0), frames -> frames.set(3, second));
        Forger.rewrite(Forger.bundle(folder, 1), frames -> frames.set(3, first));

        assertThat(Trails.findings(folder)).containsExactly("REORDERED_ENTRY 3", "REORDERED_ENTRY 259");
    }

    @Test
    void swappedFilesAreFound() throws IOException {
        Path folder = trail(600);
        Files.move(Forger.bundle(folder, 0), folder.resolve("x"));
        Files.move(Forger.bundle(folder, 1), Forger.bundle(folder, 0));
        Files.move(folder.resolve("x"), Forger.bundle(folder, 1));

        assertThat(Trails.findings(folder)).hasSize(512).contains("REORDERED_ENTRY 0", "REORDERED_ENTRY 511");
    }

    @Test
    void aWrongHostKeyIsToldAsSuch() {
        Path folder = trail(600);

        assertThat(Trails.findings(AuditTrail.verify(folder, Trails.OTHER_KEY))).containsExactly("WRONG_KEY -1");
        assertThatThrownBy(() -> AuditTrail.open(folder, Trails.OTHER_KEY, new ManualTime(), new SeededEntropy(1)))
                .isInstanceOf(DamageException.class)
                .hasMessageContaining("key");
    }

    @Test
    void withoutTheHostKeyTilesAndCheckpointsShowAChange() throws IOException {
        Path folder = trail(600);
        Forger.rewrite(
                Forger.bundle(folder, 0), frames -> frames.set(7, Forger.edited(frames.get(7), "j.doe", "k.roe")));
        Forger.rewrite(
                Forger.bundle(folder, 2), frames -> frames.set(60, Forger.edited(frames.get(60), "j.doe", "k.roe")));

        assertThat(Trails.findings(AuditTrail.verify(folder, Trails.OTHER_KEY)))
                .contains("WRONG_KEY -1", "CHANGED_ENTRY 7", "AUDIT_ROLLBACK 580")
                .doesNotContain("AUDIT_ROLLBACK 560");
    }

    @Test
    void aFolderWithoutATrailIsNotValid() throws IOException {
        assertThat(Trails.findings(temp.resolve("missing"))).containsExactly("NO_TRAIL -1");
        Files.createDirectory(temp.resolve("empty"));
        assertThat(Trails.findings(temp.resolve("empty"))).containsExactly("NO_TRAIL -1");
    }
}
