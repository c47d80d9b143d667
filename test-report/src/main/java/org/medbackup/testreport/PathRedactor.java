package org.medbackup.testreport;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Replaces the folders of this machine in a text, so that a report reads the same wherever it was written. */
final class PathRedactor {

    /** The default {@code toString} of an object or a lambda ends in a number that changes from run to run. */
    private static final Pattern IDENTITY =
            Pattern.compile("\\b([\\w$]+(?:\\.[\\w$]+)+)(?:/0x[0-9a-f]+)?@[0-9a-f]{1,8}\\b");

    private final Map<String, String> marks = new HashMap<>();
    private final Pattern root;
    private final Pattern all;

    PathRedactor(Path root, Properties properties) {
        mark(root, ".");
        this.root = pattern(marks.keySet());
        mark(Path.of(properties.getProperty("java.io.tmpdir", "")), "<tmp>");
        mark(Path.of(properties.getProperty("user.home", "")), "~");
        mark(Path.of(properties.getProperty("java.home", "")), "<java>");
        this.all = pattern(marks.keySet());
    }

    private void mark(Path folder, String mark) {
        // A folder without a name is "/" or unknown: replacing that would spoil every path.
        if (folder.isAbsolute() && folder.getNameCount() > 0) {
            marks.putIfAbsent(folder.normalize().toString(), mark);
            marks.putIfAbsent(ReportSettings.real(folder).toString(), mark);
        }
    }

    /** The longest first: the root may lie in the home or in the temporary folder. */
    private static Pattern pattern(Set<String> folders) {
        String alternatives = folders.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        return Pattern.compile("(?<![\\w.-])(?:" + alternatives + ")(?![\\w-]|\\.\\w)");
    }

    /** The text without folders of this machine. */
    String redact(String text) {
        return replace(all, text);
    }

    private String replace(Pattern folders, String text) {
        return folders.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(marks.getOrDefault(found.group(), "<path>")));
    }

    /**
     * The text on one line, the same on each machine: without the root, identity numbers and control characters. Other
     * folders stay: where a test is about {@code /root/x}, it must not be called otherwise on the machine of root.
     */
    String redactName(String text) {
        String stable = IDENTITY.matcher(replace(root, text)).replaceAll("$1");
        return stable.chars()
                .mapToObj(c -> Character.isISOControl(c) ? String.format("\\u%04x", c) : Character.toString((char) c))
                .collect(Collectors.joining());
    }
}
