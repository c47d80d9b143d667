package org.medbackup.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The steps of a page for administrators: what is typed, and what it prints.
 *
 * @param steps in their order
 */
record Runbook(List<Step> steps) {

    private static final Pattern BLOCK =
            Pattern.compile("(?m)^```(sh runbook settings|sh runbook|text prints)\\n(.*?)^```$", Pattern.DOTALL);

    /**
     * A step.
     *
     * @param typed lines for a shell
     * @param prints lines as the page shows them; {@code …} stands for what differs
     */
    record Step(String typed, List<String> prints) {

        /** Whether lines were printed as the page says: these, in their order, and others between them. */
        boolean isPrintedBy(String output) {
            var pattern = new StringBuilder("(?s)(?:.*\\n)?");
            for (String line : prints) {
                pattern.append(Pattern.quote(line).replace("…", "\\E[^\\n]*\\Q"))
                        .append("\\n(?:.*\\n)?");
            }
            return Pattern.matches(pattern.toString(), output);
        }
    }

    /**
     * Reads a page.
     *
     * @param settings what stands there for the names of the first step
     */
    static Runbook of(Path page, Map<String, String> settings) {
        List<Step> steps = new ArrayList<>();
        try {
            Matcher blocks = BLOCK.matcher(Files.readString(page));
            while (blocks.find()) {
                String text = blocks.group(2);
                switch (blocks.group(1)) {
                    case "sh runbook settings" -> steps.add(new Step(set(text, settings), List.of()));
                    case "sh runbook" -> steps.add(new Step(text, List.of()));
                    default ->
                        steps.add(new Step(
                                steps.removeLast().typed(), text.lines().toList()));
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return new Runbook(List.copyOf(steps));
    }

    /** The same names with other values; every one must have one. */
    private static String set(String text, Map<String, String> settings) {
        var set = new StringBuilder();
        text.lines().forEach(line -> {
            String name = line.substring(0, line.indexOf('='));
            String value = settings.get(name);
            if (value == null) {
                throw new IllegalArgumentException("no value for " + name);
            }
            set.append(name).append("='").append(value).append("'\n");
        });
        return set.toString();
    }
}
