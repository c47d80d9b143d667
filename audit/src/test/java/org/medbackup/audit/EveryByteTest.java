package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.files.Bundle;
import org.medbackup.audit.files.Frame;
import org.medbackup.core.error.DamageException;

/** A trail in which every single byte is changed, every file removed, and every end cut. */
class EveryByteTest {

    /** Every third byte, and so every bit of the eight; in a long run each. */
    private static final int EACH = Boolean.getBoolean("long") ? 1 : 3;

    @TempDir
    Path temp;

    /** Two operations, a torn tail that was cut off in between and kept, and a checkpoint at the end. */
    private Path small() throws IOException {
        Path folder = temp.resolve("audit");
        try (AuditTrail trail = Trails.openWithoutSync(folder)) {
            trail.accept(Trails.phase("a"));
            trail.accept(Trails.ended("a"));
        }
        Files.write(folder.resolve("entries/000"), new byte[] {0, 0, 1}, StandardOpenOption.APPEND);
        try (AuditTrail trail = Trails.openWithoutSync(folder)) {
            trail.accept(Trails.found("b"));
        }
        assertThat(Trails.verify(folder)).isEqualTo(new AuditVerification(4, 4, true, List.of()));
        return folder;
    }

    private static List<String> findingsWith(Path folder, Path file, byte[] content) throws IOException {
        byte[] before = Files.readAllBytes(file);
        Files.write(file, content);
        try {
            return Trails.findings(folder);
        } finally {
            Files.write(file, before);
        }
    }

    @Test
    void noByteOfASmallTrailChangesUnnoticed() throws IOException {
        Path folder = small();
        int bytes = 0;
        for (Path file : Trails.files(folder)) {
            byte[] content = Files.readAllBytes(file);
            for (int at = 0; at < content.length; at += Math.max(Trails.stepAt(content, at), EACH)) {
                byte[] changed = content.clone();
                changed[at] = (byte) (changed[at] ^ (1 << (at % 8)));
                bytes++;

                assertThat(findingsWith(folder, file, changed))
                        .as("byte %d of %s", at, folder.relativize(file))
                        .isNotEmpty()
                        .allMatch(finding -> allowed(folder.relativize(file).toString(), content, changed.length)
                                .contains(finding.substring(0, finding.indexOf(' '))))
                        .allMatch(finding -> !file.endsWith("entries/000")
                                || finding.endsWith(" " + entryAt(content, finding, changed)));
            }
        }
        assertThat(bytes).isGreaterThan(3000 / EACH);
        assertThat(Trails.findings(folder)).isEmpty();
    }

    private static Set<String> allowed(String file, byte[] content, int length) {
        assertThat(content).hasSize(length);
        return switch (file) {
            case "entries/000" -> Set.of("CHANGED_ENTRY", "TRUNCATED");
            case "checkpoints" ->
                Set.of("BAD_CHECKPOINT", "BAD_CHECKPOINT_SIGNATURE", "BAD_SECOND_SIGNATURE", "TORN_TAIL");
            case "key.pub" -> Set.of("BAD_KEY_FILE");
            case "torn/000000000002-entries" -> Set.of("CHANGED_EVIDENCE");
            default -> Set.of();
        };
    }

    /** In which entry the first difference lies; only the last entry's length reads as a truncation. */
    private static int entryAt(byte[] content, String finding, byte[] changed) {
        int at = Arrays.mismatch(content, changed);
        int entry = 0;
        int begin = 0;
        for (Frame frame : Bundle.scan(content).leading()) {
            if (at < begin + frame.length()) {
                assertThat(!finding.startsWith("TRUNCATED") || (entry == 3 && at < begin + 4))
                        .isTrue();
                return entry;
            }
            begin += frame.length();
            entry++;
        }
        throw new AssertionError("behind the last entry");
    }

    @Test
    void noByteOfATileChangesUnnoticed() throws IOException {
        Path folder = Trails.closed(temp.resolve("audit"), 257);
        Path tile = folder.resolve("tile/0/000");
        byte[] content = Files.readAllBytes(tile);
        for (int at = 0; at < content.length; at += 61) {
            byte[] changed = content.clone();
            changed[at] ^= 1;

            assertThat(findingsWith(folder, tile, changed)).containsExactly("DAMAGED_TILE 0");
        }
        assertThat(findingsWith(folder, tile, Arrays.copyOf(content, content.length - 1)))
                .containsExactly("DAMAGED_TILE 0");
        assertThat(findingsWith(folder, tile, Arrays.copyOf(content, content.length + 1)))
                .containsExactly("DAMAGED_TILE 0");
        byte[] changed = content.clone();
        changed[0] ^= 1;
        Files.write(tile, changed);
        assertThatThrownBy(() -> Trails.open(folder)).isInstanceOf(DamageException.class);
    }

    @Test
    void noFileDisappearsUnnoticedButTheEmptyLock() throws IOException {
        Path folder = Trails.closed(temp.resolve("audit"), 600);
        for (Path file : Trails.files(folder)) {
            byte[] content = Files.readAllBytes(file);
            Files.delete(file);

            List<String> expected = switch (folder.relativize(file).toString()) {
                case "checkpoints" -> List.of("MISSING_FILE -1", "REMOVED_CHECKPOINT 0");
                case "entries/000" -> List.of("REMOVED_ENTRY 0");
                case "entries/001" -> List.of("REMOVED_ENTRY 256");
                case "entries/002" -> List.of("TRUNCATED 512");
                case "key.pub" -> List.of("MISSING_FILE -1");
                case "lock" -> List.of();
                case "tile/0/000" -> List.of("MISSING_FILE 0");
                case "tile/0/001" -> List.of("MISSING_FILE 256");
                default -> throw new AssertionError(file);
            };
            assertThat(Trails.findings(folder)).as("%s", file).isEqualTo(expected);
            Files.write(file, content);
        }
        Path both = Trails.copy(folder, temp.resolve("both"));
        Files.delete(both.resolve("entries/000"));
        Files.delete(both.resolve("tile/0/000"));
        assertThat(Trails.findings(both)).containsExactly("REMOVED_ENTRY 0", "MISSING_FILE 0");
    }

    @Test
    void theKeptEvidenceDoesNotDisappearUnnoticed() throws IOException {
        Path folder = small();
        Files.delete(folder.resolve("torn/000000000002-entries"));
        Files.write(folder.resolve("torn/000000000001-entries"), new byte[1]);
        Files.write(folder.resolve("torn/000000000004-entries"), new byte[1]);

        assertThat(Trails.findings(folder)).containsExactly("MISSING_FILE 2", "UNKNOWN_FILE -1");
    }

    @Test
    void filesThatAreNotTheTrailsAreFound() throws IOException {
        Path folder = Trails.closed(temp.resolve("audit"), 300);
        Files.write(folder.resolve("note.txt"), new byte[1]);
        Files.write(folder.resolve("tile/0/001.bak"), new byte[1]);
        Files.createDirectories(folder.resolve("entries/x000"));
        Files.write(folder.resolve("entries/x000/000"), new byte[1]);
        Files.write(folder.resolve("entries/0000000000000000000"), new byte[1]);
        Files.createSymbolicLink(folder.resolve("tile/0/002"), folder.resolve("tile/0/000"));

        assertThat(Trails.findings(folder)).hasSize(5).containsOnly("UNKNOWN_FILE -1");
    }

    @Test
    void aTileOfEntriesThatAreNotThereProvesATruncation() throws IOException {
        Path folder = Trails.closed(temp.resolve("audit"), 300);
        Path old = Trails.closed(temp.resolve("old"), 200);
        Files.createDirectories(old.resolve("tile/0"));
        Files.copy(folder.resolve("tile/0/000"), old.resolve("tile/0/000"));

        assertThat(Trails.findings(old)).containsExactly("TRUNCATED 200");
    }

    @Test
    void findingsAreListedUpToALimit() throws IOException {
        Path folder = Trails.closed(temp.resolve("audit"), 3);
        for (int i = 0; i < 1010; i++) {
            Files.write(folder.resolve("file" + i), new byte[0]);
        }

        AuditVerification verification = Trails.verify(folder);
        assertThat(verification.findings()).hasSize(1001);
        assertThat(verification.findings().getLast())
                .isEqualTo(new Finding(Finding.Code.MORE_FINDINGS, -1, "10 more findings are not listed"));
    }
}
