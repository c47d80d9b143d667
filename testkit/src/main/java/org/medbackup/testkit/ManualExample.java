package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Holds the examples of the manuals against the code that the tests compile and run. */
public final class ManualExample {

    private static final String BEGIN = "        // example:begin";
    private static final String END = "        // example:end";

    private ManualExample() {}

    /**
     * Fails unless a manual holds, word for word, what stands between {@code // example:begin} and
     * {@code // example:end} in a source file.
     *
     * @param manual path of the page below the project's root
     * @param source path of the source file below the project's root
     */
    public static void assertStandsIn(String manual, String source) {
        Path root = Path.of(System.getProperty("medbackup.root"));
        try {
            List<String> lines = Files.readAllLines(root.resolve(source));
            List<String> example = lines.subList(lines.indexOf(BEGIN) + 1, lines.indexOf(END));
            String code = String.join("\n", example).indent(-8);
            assertThat(example).hasSizeBetween(4, 16);
            assertThat(Files.readString(root.resolve(manual))).contains("```java\n" + code + "```\n");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
