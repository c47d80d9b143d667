package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.DamageException;

/** Checkpoints that two keys sign, and trails of the time when it was one. */
class TwoKeysTest {

    private static final String GOLDEN = "golden/ed25519";

    @TempDir
    Path temp;

    /** A trail of 22 entries, with checkpoints at 0, 10, 20 and 22, as the last version with one key left it. */
    private Path old() throws IOException {
        Path folder = temp.resolve("old");
        Files.createDirectories(folder.resolve("entries"));
        for (String name : List.of("checkpoints", "key.pub", "entries/000")) {
            Files.write(folder.resolve(name), golden("/" + name));
        }
        return folder;
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = TwoKeysTest.class.getResourceAsStream(GOLDEN + name)) {
            assertThat(in).isNotNull();
            return in.readAllBytes();
        }
    }

    private static List<String> notes(Path folder) throws IOException {
        return List.of(Files.readString(folder.resolve("checkpoints")).split("(?<=\n)(?=medbackup)"));
    }

    private static void rewrite(Path folder, Consumer<List<String>> change) throws IOException {
        List<String> notes = new ArrayList<>(notes(folder));
        change.accept(notes);
        Files.writeString(folder.resolve("checkpoints"), String.join("", notes));
    }

    /** A checkpoint without its second signature line. */
    private static String stripped(String note) {
        List<String> lines = note.lines().toList();
        return String.join("\n", lines.subList(0, 5)) + "\n\n";
    }

    private static long lines(String note) {
        return note.lines().filter(line -> line.startsWith("— ")).count();
    }

    @Test
    void eachCheckpointBearsTheSignaturesOfBothKeys() throws IOException {
        Path folder = Trails.closed(temp.resolve("audit"), 30);

        assertThat(notes(folder)).hasSize(3).allMatch(note -> lines(note) == 2);
        assertThat(Files.readString(folder.resolve("key.pub")).lines()).hasSize(2);
        assertThat(Trails.findings(folder)).isEmpty();
    }

    @Test
    void theSameKeyAndHeadMakeTheSameSignatures() throws IOException {
        Path one = Trails.closed(temp.resolve("one"), 30);
        Path two = Trails.closed(temp.resolve("two"), 30);

        assertThat(Files.readString(one.resolve("checkpoints")))
                .isEqualTo(Files.readString(two.resolve("checkpoints")));
    }

    @Test
    void aTrailOfOneKeyIsReadAndGoesOnWithTwo() throws IOException {
        Path folder = old();
        assertThat(Trails.verify(folder)).isEqualTo(new AuditVerification(22, 4, true, List.of()));
        try (AuditTrail trail = Trails.open(folder)) {
            assertThat(Trails.findings(folder)).isEmpty();
            trail.accept(Trails.ended("after"));
            trail.accept(Trails.ended("and after"));
        }

        assertThat(Trails.verify(folder)).isEqualTo(new AuditVerification(24, 6, true, List.of()));
        assertThat(notes(folder)).extracting(TwoKeysTest::lines).containsExactly(1L, 1L, 1L, 1L, 2L, 2L);
        assertThat(Files.readString(folder.resolve("key.pub")))
                .startsWith(new String(golden("/key.pub"), StandardCharsets.UTF_8));
        try (AuditTrail trail = Trails.open(folder)) {
            assertThat(trail.entries(22).map(AuditEntry::namesBothKeys)).containsExactly(false, true);
        }
    }

    @Test
    void aStatementOfBeforeIsCheckedWithTheFirstKeyAlone() throws IOException {
        String note = new String(golden(".note"), StandardCharsets.UTF_8);
        TrailKey before = TrailKey.parse(new String(golden("/key.pub"), StandardCharsets.UTF_8))
                .orElseThrow();
        try (AuditTrail trail = Trails.open(temp.resolve("audit"))) {
            TrailKey both = trail.key();

            assertThat(before.hasSecond()).isFalse();
            assertThat(both.hasSecond()).isTrue();
            assertThat(both.alone()).isEqualTo(before);
            assertThat(before.statement(note)).contains("a statement of before\n");
            assertThat(both.alone().statement(note)).contains("a statement of before\n");
            assertThat(both.statement(note)).isEmpty();
            assertThat(before.statement(trail.sign("now\n"))).contains("now\n");
        }
    }

    @Test
    void aCheckpointThatLacksTheSecondSignatureIsFoundOnceThereHasBeenOne() throws IOException {
        Path folder = Trails.closed(temp.resolve("audit"), 70);
        rewrite(folder, notes -> notes.set(2, stripped(notes.get(2))));
        assertThat(Trails.findings(folder)).containsExactly("BAD_SECOND_SIGNATURE 40");
    }

    @Test
    void aSecondSignatureOfAnotherHeadOrKeyIsFound() throws IOException {
        Path folder = Trails.closed(temp.resolve("audit"), 70);
        rewrite(folder, notes -> {
            String second = notes.get(1).lines().toList().get(5);
            notes.set(2, stripped(notes.get(2)).stripTrailing() + "\n" + second + "\n\n");
        });
        assertThat(Trails.findings(folder)).containsExactly("BAD_SECOND_SIGNATURE 40");
    }

    @Test
    void theFirstCheckpointsOfATrailOfTwoKeysDoNotPassForThoseOfOne() throws IOException {
        Path folder = Trails.closed(temp.resolve("audit"), 70);
        rewrite(folder, notes -> {
            notes.set(0, stripped(notes.get(0)));
            notes.set(1, stripped(notes.get(1)));
        });
        assertThat(Trails.findings(folder)).containsExactly("BAD_SECOND_SIGNATURE 0", "BAD_SECOND_SIGNATURE 20");

        rewrite(folder, notes -> notes.replaceAll(TwoKeysTest::stripped));
        assertThat(Trails.findings(folder))
                .containsExactly(
                        "BAD_SECOND_SIGNATURE 0",
                        "BAD_SECOND_SIGNATURE 20",
                        "BAD_SECOND_SIGNATURE 40",
                        "BAD_SECOND_SIGNATURE 60");
    }

    @Test
    void theSecondKeyDoesNotDisappearUnnoticed() throws IOException {
        Path folder = Trails.closed(temp.resolve("audit"), 30);
        Path key = folder.resolve("key.pub");
        String both = Files.readString(key);
        Files.writeString(key, both.lines().findFirst().orElseThrow() + "\n");
        assertThat(Trails.findings(folder)).containsExactly("BAD_KEY_FILE -1");

        Files.writeString(key, both.lines().toList().getLast() + "\n");
        assertThat(Trails.findings(folder)).containsExactly("BAD_KEY_FILE -1");
        assertThatThrownBy(() -> Trails.open(folder)).isInstanceOf(DamageException.class);
    }

    @Test
    void twoLinesThatDoNotBelongTogetherAreNoKey() throws IOException {
        Path mine = Trails.closed(temp.resolve("mine"), 0);
        try (AuditTrail trail = Trails.open(mine)) {
            List<String> lines = trail.key().toString().lines().toList();

            assertThat(TrailKey.parse(lines.get(0) + "\n" + lines.get(1))).contains(trail.key());
            assertThat(TrailKey.parse(lines.get(0) + "\n" + lines.get(0))).isEmpty();
            assertThat(TrailKey.parse(lines.get(1) + "\n" + lines.get(0))).isEmpty();
            assertThat(TrailKey.parse(lines.get(0) + "\n" + lines.get(1).replace("audit/", "adit/")))
                    .isEmpty();
            assertThat(TrailKey.parse(lines.get(0) + "\n" + lines.get(1) + "\n" + lines.get(1)))
                    .isEmpty();
        }
    }
}
