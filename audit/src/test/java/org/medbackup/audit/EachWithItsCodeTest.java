package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.audit.merkle.TreeHead;

/** What somebody may do to a trail, and the one code by which it is found. */
class EachWithItsCodeTest {

    @TempDir
    Path temp;

    /** What is done to a trail of 300 entries; another folder holds the trail as it was at 200. */
    interface Harm {
        void to(Path folder, Path old) throws IOException;
    }

    record Row(String name, Harm harm, String found) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row(
                        "one bit of a record is flipped",
                        (folder, old) -> flip(Forger.bundle(folder, 0)),
                        "CHANGED_ENTRY 0"),
                new Row(
                        "a record is rewritten with a fitting checksum",
                        (folder, old) -> Forger.rewrite(
                                Forger.bundle(folder, 0),
                                frames -> frames.set(5, Forger.edited(frames.get(5), "j.doe", "n.one"))),
                        "CHANGED_ENTRY 5"),
                new Row(
                        "a record is deleted",
                        (folder, old) -> Forger.rewrite(Forger.bundle(folder, 0), frames -> frames.remove(7)),
                        "REMOVED_ENTRY 7"),
                new Row(
                        "two records change places",
                        (folder, old) ->
                                Forger.rewrite(Forger.bundle(folder, 0), frames -> Collections.swap(frames, 3, 4)),
                        "REORDERED_ENTRY 3, REORDERED_ENTRY 4"),
                new Row(
                        "the tail is cut off",
                        (folder, old) -> Forger.rewrite(Forger.bundle(folder, 1), List::removeLast),
                        "TRUNCATED 299"),
                new Row(
                        "the last file of records is gone",
                        (folder, old) -> Files.delete(Forger.bundle(folder, 1)),
                        "TRUNCATED 256"),
                new Row("an old copy is put in its place", EachWithItsCodeTest::replace, "AUDIT_ROLLBACK 200"));
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[40] ^= 1;
        Files.write(file, bytes);
    }

    private static void replace(Path folder, Path old) throws IOException {
        for (Path each : Trails.files(folder)) {
            Files.delete(each);
        }
        Trails.copy(old, folder);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void eachHarmIsFoundByItsOwnCode(Row row) throws IOException {
        Path old = Trails.closed(temp.resolve("old"), 200);
        Path folder = Trails.closed(temp.resolve("audit"), 300);
        TreeHead anchor;
        try (AuditTrail trail = Trails.openWithoutSync(folder)) {
            anchor = trail.head();
        }
        row.harm().to(folder, old);

        AuditVerification found = AuditTrail.verify(folder, Trails.KEY, List.of(anchor));
        assertThat(found.valid()).isFalse();
        List<String> codes = Trails.findings(found);
        assertThat(codes).containsAll(Arrays.asList(row.found().split(", ")));
        String code = row.found().substring(0, row.found().indexOf(' '));
        // What is too short does not reach the anchor either.
        assertThat(codes).allMatch(each -> each.startsWith(code) || each.startsWith("AUDIT_ROLLBACK"));
        boolean needsTheAnchor = row.found().startsWith("AUDIT_ROLLBACK");
        assertThat(Trails.verify(folder).valid()).isEqualTo(needsTheAnchor);
    }
}
