package org.medbackup.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;
import org.medbackup.testkit.LocalServer;

/** The files of {@code docs/monitoring}, as Prometheus's own tool judges them, and what they name is there. */
class MonitoringFilesTest {

    private static final Path FOLDER = Path.of(System.getProperty("medbackup.root", ".."), "docs/monitoring");
    private static final Pattern METRIC = Pattern.compile("\\bmedbackup_[a-z_]+\\b");

    private static Completed promtool(String... words) {
        List<String> command =
                new ArrayList<>(List.of(LocalServer.program("promtool").toString()));
        command.addAll(List.of(words));
        return Processes.system().run(Command.of(command).in(FOLDER));
    }

    private static void assertGood(Completed ended) {
        assertThat(ended.exitCode()).as(ended.output() + ended.errors()).isZero();
    }

    @Test
    void promtoolTakesTheRules() {
        assertGood(promtool("check", "rules", "medbackup-alerts.yaml"));
    }

    @Test
    void theRulesTellWhatTheyAreToTellAndNothingElse() {
        assertGood(promtool("test", "rules", "medbackup-alerts-test.yaml"));
    }

    @Test
    void promtoolHasNothingToSayOfAScrape(@TempDir Path temp) throws IOException {
        Path scrape =
                Files.writeString(temp.resolve("scrape"), MetersTest.full().scrape());
        String tool = LocalServer.program("promtool").toString();

        assertGood(Processes.system()
                .run(Command.of("/bin/sh", "-c", "exec \"$0\" check metrics <\"$1\"", tool, scrape.toString())));
    }

    private static Set<String> metrics(String text) {
        Set<String> found = new TreeSet<>();
        METRIC.matcher(text).results().forEach(match -> found.add(match.group()));
        return found;
    }

    private static Set<String> shown() {
        Meters meters = MetersTest.full();
        meters.notification("no name", true);
        return metrics(
                meters.scrape().lines().filter(line -> !line.startsWith("#")).reduce("", (a, b) -> a + "\n" + b));
    }

    @Test
    void everyMetricOfTheRulesIsInAScrape() throws IOException {
        String rules = Files.readString(FOLDER.resolve("medbackup-alerts.yaml"));
        List<String> expressions = new ArrayList<>();
        Members group =
                (Members) ((Members) Yaml.parse(rules).value()).items("groups").getFirst();
        group.items("rules").forEach(rule -> expressions.add(((Members) rule).text("expr")));

        assertThat(expressions).hasSizeGreaterThan(10);
        assertThat(shown()).containsAll(metrics(String.join(" ", expressions)));
    }

    @Test
    void everyRuleIsTested() throws IOException {
        String tests = Files.readString(FOLDER.resolve("medbackup-alerts-test.yaml"));
        Pattern.compile("alert: (\\w+)")
                .matcher(Files.readString(FOLDER.resolve("medbackup-alerts.yaml")))
                .results()
                .forEach(alert -> assertThat(tests).contains(alert.group(1)));
    }

    @Test
    void everyMetricOfTheDashboardIsInAScrapeAndEveryMetricIsOnThePage() throws IOException {
        Members dashboard = Json.parseMembers(Files.readString(FOLDER.resolve("medbackup-dashboard.json")));
        Set<String> used = new TreeSet<>();
        Set<Long> ids = new TreeSet<>();
        for (var each : dashboard.items("panels")) {
            Members panel = (Members) each;
            ids.add(panel.whole("id"));
            assertThat(panel.text("title")).isNotBlank();
            panel.items("targets").forEach(target -> used.addAll(metrics(((Members) target).text("expr"))));
        }

        assertThat(ids).hasSize(dashboard.items("panels").size());
        assertThat(shown()).containsAll(used);
        assertThat(dashboard.text("uid")).isEqualTo("medbackup");
        String page = Files.readString(FOLDER.resolveSibling("monitoring.md"));
        for (String metric : shown()) {
            assertThat(page).contains(metric.replaceAll("_(bucket|count|sum|max)$", ""));
        }
    }
}
