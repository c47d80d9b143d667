package org.medbackup.testreport;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The report of a build, in the schema of pytest-json-report. */
final class Report {

    /** pytest's exit codes. */
    private static final int ALL_PASSED = 0;

    private static final int SOME_FAILED = 1;
    private static final int INTERRUPTED = 2;
    private static final int NO_TESTS = 5;

    private Report() {}

    static Json.Obj of(List<Part> parts, BigDecimal now) {
        List<Json.Obj> tests = tests(parts);
        var report = Json.Obj.empty()
                .with("created", Json.seconds(now))
                .with("duration", Json.seconds(now.subtract(started(parts, now))))
                .with("exitcode", Json.of(exitcode(parts, tests)))
                .with("root", Json.of("."))
                .with("environment", environment())
                .with("summary", summary(tests))
                .with("tests", new Json.Arr(List.copyOf(tests)));
        List<Json> warnings = warnings(parts);
        return warnings.isEmpty() ? report : report.with("warnings", new Json.Arr(warnings));
    }

    /** Two JVMs may have run one test: both outcomes stay, under two names. */
    private static List<Json.Obj> tests(List<Part> parts) {
        Set<String> taken = new HashSet<>();
        List<Json.Obj> tests = new ArrayList<>();
        for (Part part : parts) {
            for (Json.Obj test : part.tests()) {
                tests.add(test.with("nodeid", Json.of(NodeNames.unused(test.text("nodeid"), taken))));
            }
        }
        return tests;
    }

    private static BigDecimal started(List<Part> parts, BigDecimal now) {
        return parts.stream()
                .flatMap(part -> part.lines().stream())
                .filter(line -> line.get("started").isPresent())
                .map(line -> line.number("started"))
                .reduce(now, BigDecimal::min);
    }

    private static int exitcode(List<Part> parts, List<Json.Obj> tests) {
        if (!parts.stream().allMatch(Part::complete)) {
            return INTERRUPTED;
        }
        if (count(tests, Outcome.FAILED) + count(tests, Outcome.ERROR) > 0) {
            return SOME_FAILED;
        }
        return tests.isEmpty() ? NO_TESTS : ALL_PASSED;
    }

    private static Json summary(List<Json.Obj> tests) {
        var summary = Json.Obj.empty();
        for (Outcome outcome : Outcome.values()) {
            long count = count(tests, outcome);
            if (count > 0) {
                summary = summary.with(outcome.word(), Json.of(count));
            }
        }
        return summary.with("total", Json.of(tests.size())).with("collected", Json.of(tests.size()));
    }

    private static long count(List<Json.Obj> tests, Outcome outcome) {
        return tests.stream()
                .filter(test -> test.text("outcome").equals(outcome.word()))
                .count();
    }

    private static Json environment() {
        return Json.Obj.empty()
                .with("Java", Json.of(System.getProperty("java.version")))
                .with("Platform", Json.of(System.getProperty("os.name") + "-" + System.getProperty("os.arch")));
    }

    private static List<Json> warnings(List<Part> parts) {
        return parts.stream()
                .filter(part -> !part.complete())
                .<Json>map(part -> Json.Obj.empty()
                        .with("category", Json.of("InterruptedRun"))
                        .with("filename", Json.of("parts/" + part.file().getFileName()))
                        .with("lineno", Json.of(0))
                        .with("when", Json.of("runtest"))
                        .with("message", Json.of("the JVM of this part still runs, or was killed")))
                .toList();
    }
}
