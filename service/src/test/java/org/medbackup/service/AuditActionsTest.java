package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.medbackup.service.compliance.Survey;

/** The page of the exports says of each action that the sources name what it is, and of no other. */
class AuditActionsTest {

    private static final Path ROOT = Path.of(System.getProperty("medbackup.root"));

    /** A call that opens an operation, with the name that it gives it; some have two, of which one is of a trial run. */
    private static final Pattern NAMED = Pattern.compile(
            "\\b(?:run|on|governed|each|recorded)\\(\\s*(?:[\\w.()]+,\\s*){0,4}(?:[\\w.()]+ \\? )?(?:\"([a-z][a-z-]*)\"(?: : \"([a-z-]+)\")?|new JobTargets\\(.{1,80}?\\),\\s*\"([a-z-]+)\")\\s*[,)]",
            Pattern.DOTALL);

    private static final Pattern ROUTE = Pattern.compile("\\b[A-Z_]+\\(\"([a-zA-Z]+)\"");
    private static final Pattern ROW = Pattern.compile("^\\| `([a-zA-Z.-]+)` \\| 110", Pattern.MULTILINE);

    /** Of the trail itself, and of what is said without an operation. */
    private static final Set<String> OTHERS =
            Set.of("audit.recover", "limit-changed", ReportWindow.REPORT, ReportWindow.STATED, Survey.ACTION);

    /** Of parts that are not there yet. */
    private static final Set<String> RESERVED = Set.of("login", "logout");

    private static Set<String> found(Path folder, Pattern pattern, String before) throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                Matcher matcher = pattern.matcher(Files.readString(file));
                while (matcher.find()) {
                    for (int group = 1; group <= matcher.groupCount(); group++) {
                        if (matcher.group(group) != null) {
                            found.add(before + matcher.group(group));
                        }
                    }
                }
            }
        }
        return found;
    }

    @Test
    void everyActionOfTheSourcesIsOnThePage() throws IOException {
        Set<String> actions = new TreeSet<>(OTHERS);
        actions.addAll(RESERVED);
        actions.addAll(found(ROOT.resolve("service/src/main/java/org/medbackup/service"), NAMED, ""));
        actions.addAll(found(ROOT.resolve("control/src/main/java/org/medbackup/control"), ROUTE, "control-"));
        Set<String> page = new TreeSet<>();
        Matcher rows = ROW.matcher(Files.readString(ROOT.resolve("docs/audit-export.md")));
        while (rows.find()) {
            page.add(rows.group(1));
        }
        assertThat(page).isEqualTo(actions);
    }
}
