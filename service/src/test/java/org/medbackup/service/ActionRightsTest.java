package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.medbackup.access.AccessRight;
import org.medbackup.service.compliance.Survey;

class ActionRightsTest {

    /** How an operation begins in the sources: its name is the first text of a call that takes one. */
    private static final Pattern BEGINNING = Pattern.compile(
            "(?:operations|repositories|limited)\\s*\\.\\s*(?:run|on|governed)"
                    + "\\(\\s*(?:[A-Za-z.()]+,\\s*)?(?:[A-Za-z.()]+ \\? )?\"([a-z][a-z-]+)\"(?:\\s*:\\s*\"([a-z][a-z-]+)\")?");

    private static Set<String> actions() throws IOException {
        Path root = Path.of(System.getProperty("medbackup.root", ".."));
        var actions = new TreeSet<>(Set.of(ReportWindow.REPORT, ReportWindow.STATED, Survey.ACTION));
        try (Stream<Path> files = Files.walk(root.resolve("service/src/main/java"))) {
            for (Path each :
                    files.filter(file -> file.toString().endsWith(".java")).toList()) {
                var found = BEGINNING.matcher(Files.readString(each));
                while (found.find()) {
                    actions.add(found.group(1));
                    if (found.group(2) != null) {
                        actions.add(found.group(2));
                    }
                }
            }
        }
        return actions;
    }

    @Test
    void everyOperationOfTheProductNeedsARightOrIsNeverRefused() throws IOException {
        Set<String> actions = actions();

        assertThat(actions)
                .contains("backup", "forget", "forget-plan", "hold-release", "access-activate", "audit-verify");
        assertThat(actions)
                .allSatisfy(action -> assertThat(ActionRights.isFree(action)
                                || ActionRights.of(action).isPresent())
                        .as(action)
                        .isTrue());
    }

    @Test
    void whatIsNoOperationIsAllowedToNobody() {
        assertThat(ActionRights.of("anything")).isEmpty();
        assertThat(ActionRights.isFree("anything")).isFalse();
        assertThat(ActionRights.of("restore")).contains(AccessRight.RESTORE);
        assertThat(ActionRights.takesOut("dump")).isTrue();
        assertThat(ActionRights.takesOut("backup")).isFalse();
    }
}
