package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.core.error.FailedException;

/** Copies of a trail that others append to. */
class TrailPrefixTest {

    @TempDir
    Path temp;

    private Path copy(TrailPrefix prefix) throws IOException {
        Path to = temp.resolve("copy");
        for (Path file : Trails.files(prefix.folder())) {
            String below = prefix.folder().relativize(file).toString();
            if (prefix.isSettled(below)) {
                write(to.resolve(below), Files.readAllBytes(file));
            }
        }
        prefix.growing((below, content) -> write(to.resolve(below), content.readAllBytes()));
        return to;
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 600})
    void whatWasThereIsCopiedWholeWhileOthersAppendAndTheCopyGoesOn(int entries) throws IOException {
        Path trail = Trails.closed(temp.resolve("trail"), entries);
        TrailPrefix prefix;
        try (AuditTrail open = Trails.openWithoutSync(trail)) {
            open.accept(Trails.started("unsigned"));
            prefix = open.prefix();
            for (int i = 0; i < 600; i++) {
                open.accept(i % 7 == 0 ? Trails.ended("later" + i) : Trails.started("later" + i));
            }
        }

        Path copy = copy(prefix);

        TreeHead head = prefix.head();
        assertThat(head.size()).isEqualTo(entries + 1);
        AuditVerification found = AuditTrail.verify(copy, Trails.KEY, List.of(head));
        assertThat(found.findings()).isEmpty();
        assertThat(found.entries()).isEqualTo(entries + 1);
        try (AuditTrail again = Trails.openWithoutSync(copy)) {
            again.accept(Trails.ended("on the new machine"));
            assertThat(again.head().size()).isEqualTo(entries + 2);
        }
        assertThat(AuditTrail.verify(copy, Trails.KEY, List.of(head)).valid()).isTrue();
    }

    @Test
    void evidenceOfACrashIsCopiedTooAndWhatIsNoneOfTheTrailsIsNot() throws IOException {
        Path trail = Trails.closed(temp.resolve("trail"), 20);
        Path bundle = trail.resolve("entries/000");
        byte[] whole = Files.readAllBytes(bundle);
        Files.write(bundle, java.util.Arrays.copyOf(whole, whole.length + 7));
        Files.writeString(trail.resolve("notes.txt"), "of an administrator");
        TrailPrefix prefix;
        try (AuditTrail open = Trails.openWithoutSync(trail)) {
            prefix = open.prefix();
        }

        Path copy = copy(prefix);

        assertThat(copy.resolve("torn")).isNotEmptyDirectory();
        assertThat(copy.resolve("notes.txt")).doesNotExist();
        assertThat(prefix.isSettled("lock")).isFalse();
        assertThat(prefix.isSettled("key.pub")).isTrue();
        assertThat(Trails.findings(copy)).isEmpty();
    }

    @Test
    void aTrailWhoseCheckpointsHaveGoneCannotBeCopied() throws IOException {
        Path trail = Trails.closed(temp.resolve("trail"), 20);
        try (AuditTrail open = Trails.openWithoutSync(trail)) {
            TrailPrefix prefix = open.prefix();
            Path away = Files.move(trail.resolve("checkpoints"), temp.resolve("away"));

            assertThatThrownBy(() -> copy(prefix)).isInstanceOf(FailedException.class);
            Files.move(away, trail.resolve("checkpoints"));
        }
    }
}
