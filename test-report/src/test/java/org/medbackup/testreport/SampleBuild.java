package org.medbackup.testreport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.medbackup.testreport.fixtures.Machine;

/** A build whose modules run chosen fixtures and report to a folder of its own. */
record SampleBuild(Path root, String run) {

    SampleBuild(Path root) {
        this(root, "2026-01-01T00:00:00Z");
    }

    Path dir() {
        return root.resolve("target/test-report");
    }

    ReportSettings settings(String module) {
        return new ReportSettings(dir(), module.replace('/', '-'), root.resolve(module), root, run);
    }

    /** Runs the fixtures as that module's tests in this JVM; the report after it. */
    Json.Obj test(String module, Class<?>... fixtures) {
        launch(settings(module), fixtures);
        return report();
    }

    static void launch(ReportSettings settings, Class<?>... fixtures) {
        launch(new JsonReportListener(settings, new AtomicBoolean()), true, fixtures);
    }

    static void launch(JsonReportListener listener, boolean phases, Class<?>... fixtures) {
        var request = request(fixtures)
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", String.valueOf(phases))
                .build();
        launcher().execute(request, listener);
    }

    static TestPlan plan(Class<?>... fixtures) {
        return launcher().discover(request(fixtures).build());
    }

    private static Launcher launcher() {
        return LauncherFactory.create(LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .build());
    }

    private static LauncherDiscoveryRequestBuilder request(Class<?>... fixtures) {
        return LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(fixtures)
                        .map(DiscoverySelectors::selectClass)
                        .toList());
    }

    /** Starts a JVM that runs the fixture as that module's tests. */
    Process fork(String module, Class<?> fixture) throws IOException {
        var command = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Djunit.jupiter.extensions.autodetection.enabled=true",
                "-Dtestreport.dir=" + dir(),
                "-Dtestreport.part=" + module,
                "-Dtestreport.module=" + root.resolve(module),
                "-Dtestreport.root=" + root,
                "-Dtestreport.pause=3600",
                "-Dtestreport.run=" + run));
        command.addAll(List.of(Machine.class.getName(), fixture.getName()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(root.resolve(module + ".log").toFile())
                .start();
    }

    Json.Obj report() {
        try {
            return Json.parseObject(Files.readString(dir().resolve("report.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names in the report without the path before the class, with their outcomes. */
    static Map<String, String> outcomes(Json.Obj report) {
        return report.objects("tests").stream()
                .collect(Collectors.toMap(test -> shortName(test.text("nodeid")), test -> test.text("outcome")));
    }

    static Json.Obj entry(Json.Obj report, String name) {
        return report.objects("tests").stream()
                .filter(test -> shortName(test.text("nodeid")).equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A phase as "outcome", or "outcome: first line of its explanation", or "none". */
    static String phase(Json.Obj entry, String name) {
        return entry.get(name)
                .map(phase -> (Json.Obj) phase)
                .map(phase -> phase.text("outcome")
                        + phase.get("longrepr")
                                .map(text -> ": "
                                        + ((Json.Text) text)
                                                .value()
                                                .lines()
                                                .findFirst()
                                                .orElse(""))
                                .orElse(""))
                .orElse("none");
    }

    private static String shortName(String nodeid) {
        return nodeid.substring(nodeid.indexOf(".java::") + ".java::".length());
    }
}
