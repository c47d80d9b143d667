package org.medbackup.testreport.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.medbackup.testreport.Json;
import org.medbackup.testreport.JsonException;

/**
 * The results of one run, as a report holds them.
 *
 * @param exitcode 0 if all passed
 * @param tests in the order of the report
 */
record TestResults(int exitcode, List<TestResult> tests) {

    TestResults {
        tests = List.copyOf(tests);
    }

    static TestResults read(Path file) throws IOException {
        try {
            return of(Json.parseObject(Files.readString(file)));
        } catch (JsonException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    static TestResults of(Json.Obj report) {
        List<TestResult> tests = new ArrayList<>();
        for (Json.Obj test : report.objects("tests")) {
            tests.add(new TestResult(test.text("nodeid"), test.text("outcome"), reason(test)));
        }
        return new TestResults(report.number("exitcode").intValue(), tests);
    }

    private static String reason(Json.Obj test) {
        return Stream.of("setup", "call", "teardown")
                .flatMap(phase -> test.get(phase).stream())
                .map(phase -> phase instanceof Json.Obj object ? object.get("longrepr") : Optional.<Json>empty())
                .flatMap(Optional::stream)
                .map(text -> text instanceof Json.Text(var value) ? value : "")
                .flatMap(String::lines)
                .findFirst()
                .orElse("no reason given");
    }
}
