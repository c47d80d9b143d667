package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.JsonValue;
import org.medbackup.testkit.Evidence;

/** A folder of many files takes no more memory than one of few: 20,000 in a plain run, a million in a long one. */
class ManyFilesTest {

    private static final int MANY = Evidence.rounds(20_000, 1_000_000);

    /** As {@link MemoryTest}, which reads one large file. */
    private static final long MOST = 400L << 20;

    /** So many have content; the others are empty. */
    private static final int EVERY = 100;

    @TempDir
    Path temp;

    private final TreeMap<String, Long> counts = new TreeMap<>();
    private long step;

    private Program.Ended measured(String name, Program.Running running) {
        Footprint footprint = Footprint.of(running);
        long now = System.nanoTime();
        counts.put(name + ".memory", footprint.most());
        counts.put(name + ".millis", (now - step) / 1_000_000);
        step = System.nanoTime();
        assertThat(footprint.most()).as(name).isBetween(1L, MOST);
        return footprint.ended();
    }

    private static String content(int number) {
        return number % EVERY == 0 ? "result " + number : "";
    }

    private static Path name(Path folder, int number) {
        return folder.resolve("result-" + number + ".hl7");
    }

    @Test
    void aFolderOfManyFilesIsBackedUpFoundUnchangedAndRestoredInPartWithinBoundedMemory() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("work"));
        Path source = Files.createDirectory(folder.resolve("results"));
        for (int i = 0; i < MANY; i++) {
            Files.writeString(name(source, i), content(i));
        }
        try (var product = new Product(folder)) {
            product.init(folder.resolve("writer.key"));
        }
        Program program = new Program(folder);
        long started = System.nanoTime();
        step = started;

        JsonValue.Members first = measured("backup", program.start("backup", source.toString(), "--json"))
                .json()
                .members("files");
        JsonValue.Members unchanged = measured("unchanged", program.start("backup", source.toString(), "--json"))
                .json();
        JsonValue.Members second = unchanged.members("files");

        assertThat(first.whole("new")).isEqualTo(MANY);
        assertThat(second.whole("unmodified")).isEqualTo(MANY);
        assertThat(second.whole("new") + second.whole("changed")).isZero();
        JsonValue.Members bytes = unchanged.members("bytes");
        assertThat(bytes.whole("read")).isZero();
        assertThat(bytes.whole("stored")).isLessThan(64 << 10);
        counts.put("unchanged.stored", bytes.whole("stored"));
        Path target = folder.resolve("restored");
        int last = MANY - EVERY;
        measured(
                "restoreOfThree",
                program.start(
                        "restore",
                        "latest:" + source,
                        "--target",
                        target.toString(),
                        "--include",
                        name(source, 0).toString(),
                        "--include",
                        name(source, last).toString(),
                        "--include",
                        name(source, last + 1).toString()));
        try (var restored = Files.list(target)) {
            assertThat(restored).containsExactlyInAnyOrder(name(target, 0), name(target, last), name(target, last + 1));
        }
        for (int number : new int[] {0, last, last + 1}) {
            assertThat(name(target, number)).hasContent(content(number));
        }
        counts.put("files", (long) MANY);
        counts.put("seed", 0L);
        Evidence.keep("many-files", "one-folder", started, counts);
    }
}
