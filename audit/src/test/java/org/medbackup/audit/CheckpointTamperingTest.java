package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.audit.note.Checkpoint;
import org.medbackup.audit.note.NoteSigner;
import org.medbackup.core.error.DamageException;

/** What can be done to the checkpoints and the public key. */
class CheckpointTamperingTest {

    private static final TrailSigner SIGNER = TrailKeys.derive(Trails.KEY).signer();
    private static final String ORIGIN = SIGNER.origin();
    private static final NoteSigner ATTACKER = NoteSigner.fromSeed(ORIGIN, new byte[32]);

    @TempDir
    Path temp;

    /** Checkpoints at 0, 20, 40, 60 and 70. */
    private Path trail() {
        return Trails.closed(temp.resolve("audit"), 70);
    }

    private static void rewrite(Path folder, Consumer<List<String>> change) throws IOException {
        Path file = folder.resolve("checkpoints");
        List<String> notes = new ArrayList<>(List.of(Files.readString(file).split("(?<=\n)(?=medbackup)")));
        change.accept(notes);
        Files.writeString(file, String.join("", notes));
    }

    private static String signed(UnaryOperator<String> signer, TreeHead head) {
        return signer.apply(new Checkpoint(ORIGIN, head).text()) + "\n";
    }

    private static void assertRefusesToAppend(Path folder) {
        assertThatThrownBy(() -> Trails.open(folder).close()).isInstanceOf(DamageException.class);
    }

    private static TreeHead head(Path folder) {
        try (AuditTrail trail = Trails.open(folder)) {
            return trail.head();
        }
    }

    @Test
    void aCheckpointSignedWithAnotherKeyIsForged() throws IOException {
        Path folder = trail();
        TreeHead head = head(folder);
        rewrite(folder, notes -> notes.set(4, signed(ATTACKER::sign, head)));

        assertThat(Trails.findings(folder)).containsExactly("BAD_CHECKPOINT_SIGNATURE 70");
        assertRefusesToAppend(folder);
    }

    @Test
    void aCheckpointOfAnotherTrailIsForged() throws IOException {
        Path folder = trail();
        TreeHead head = head(folder);
        NoteSigner witness = NoteSigner.fromSeed("witness", new byte[32]);
        rewrite(folder, notes -> notes.set(4, witness.sign(new Checkpoint("other", head).text()) + "\n"));

        assertThat(Trails.findings(folder)).containsExactly("BAD_CHECKPOINT_SIGNATURE 70");
        assertRefusesToAppend(folder);
    }

    @Test
    void theSignatureOfAWitnessBesideOursIsWelcome() throws IOException {
        Path folder = trail();
        String witness = NoteSigner.fromSeed("witness", new byte[32]).sign("x\n");
        rewrite(folder, notes -> notes.set(1, notes.get(1).stripTrailing() + witness.substring(2) + "\n"));

        assertThat(Trails.findings(folder)).isEmpty();
    }

    @Test
    void aReplacedPublicKeyDoesNotMakeForgedCheckpointsGood() throws IOException {
        Path folder = trail();
        Files.writeString(folder.resolve("key.pub"), ATTACKER.verifier() + "\n");
        assertThat(Trails.findings(folder)).containsExactly("BAD_KEY_FILE -1");
        assertRefusesToAppend(folder);

        rewrite(
                folder,
                notes -> notes.replaceAll(note -> {
                    String text = note.substring(0, note.indexOf("\n\n") + 1);
                    return ATTACKER.sign(text) + "\n";
                }));
        assertThat(Trails.findings(folder)).contains("WRONG_KEY -1");
    }

    @Test
    void aRemovedCheckpointIsFoundByTheEntryThatNamesIt() throws IOException {
        Path folder = trail();
        rewrite(folder, notes -> {
            notes.remove(2);
            notes.removeFirst();
        });

        assertThat(Trails.findings(folder)).containsExactly("REMOVED_CHECKPOINT 0", "REMOVED_CHECKPOINT 40");
    }

    @Test
    void repeatedAndReorderedCheckpointsAreARollback() throws IOException {
        Path folder = trail();
        rewrite(folder, notes -> notes.add(notes.get(2)));
        assertThat(Trails.findings(folder)).containsExactly("AUDIT_ROLLBACK 40");
        assertRefusesToAppend(folder);

        rewrite(folder, notes -> {
            notes.removeLast();
            Collections.swap(notes, 2, 3);
        });
        assertThat(Trails.findings(folder)).containsExactly("REMOVED_CHECKPOINT 40", "AUDIT_ROLLBACK 40");
    }

    @Test
    void aCheckpointThatClaimsMoreThanThereIsProvesATruncation() throws IOException {
        Path folder = trail();
        TreeHead more = new TreeHead(90, head(folder).root());
        rewrite(folder, notes -> notes.add(signed(SIGNER::sign, more)));

        assertThat(Trails.findings(folder)).containsExactly("TRUNCATED 70");
        assertRefusesToAppend(folder);
    }

    @Test
    void entriesWithoutAnyCheckpointAreDamage() throws IOException {
        Path folder = trail();
        rewrite(folder, List::clear);

        assertThat(Trails.findings(folder)).contains("REMOVED_CHECKPOINT 0", "REMOVED_CHECKPOINT 20");
        assertRefusesToAppend(folder);
    }

    @Test
    void damageBetweenCheckpointsThatAppearWhileTheTrailIsOpenIsNoticed() throws IOException {
        Path folder = trail();
        try (AuditTrail open = Trails.openWithoutSync(folder);
                AuditTrail other = Trails.openWithoutSync(folder)) {
            TreeHead head = open.head();
            Files.writeString(
                    folder.resolve("checkpoints"),
                    "garbage\n\n" + signed(SIGNER::sign, head),
                    StandardOpenOption.APPEND);

            assertThatThrownBy(() -> other.accept(Trails.started("a"))).isInstanceOf(DamageException.class);
            assertThatThrownBy(open::head).isInstanceOf(DamageException.class);
        } catch (DamageException alsoOnClosing) {
            assertThat(Trails.findings(folder)).containsExactly("BAD_CHECKPOINT 70", "AUDIT_ROLLBACK 70");
        }
    }

    /** More of them than are read at once, by the writer and by the verification. */
    @Test
    void aLongFileOfCheckpointsIsReadFromBothEnds() throws IOException {
        Path folder = temp.resolve("audit");
        try (AuditTrail trail = Trails.openWithoutSync(folder)) {
            for (int i = 0; i < 1600; i++) {
                trail.accept(Trails.ended("op" + i));
            }
        }
        assertThat(Files.size(folder.resolve("checkpoints"))).isGreaterThan(300_000);
        try (AuditTrail trail = Trails.openWithoutSync(folder)) {
            assertThat(trail.head().size()).isEqualTo(1600);
        }
        assertThat(Trails.verify(folder)).isEqualTo(new AuditVerification(1600, 1601, true, List.of()));

        rewrite(folder, notes -> notes.remove(3));
        assertThat(Trails.findings(folder)).containsExactly("REMOVED_CHECKPOINT 3");
        Trails.openWithoutSync(folder).close();
    }

    @Test
    void whatLiesInTheLockAndInTheUnfinishedFileIsHarmless() throws IOException {
        Path folder = trail();
        Files.writeString(folder.resolve("lock"), "x");
        Files.writeString(folder.resolve("unfinished"), "x");
        Files.createDirectory(folder.resolve("empty"));

        assertThat(Trails.findings(folder)).isEmpty();
        Trails.open(folder).close();
        assertThat(folder.resolve("unfinished")).doesNotExist();
    }
}
