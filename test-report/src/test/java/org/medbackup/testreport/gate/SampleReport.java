package org.medbackup.testreport.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.testreport.Json;
import org.medbackup.testreport.JsonWriter;

/** A report with chosen outcomes. */
final class SampleReport {

    private final List<Json> tests = new ArrayList<>();
    private int exitcode;

    /** Adds a test by its short name, such as {@code XTest::method}. */
    SampleReport test(String name, String outcome) {
        var phase = Json.Obj.empty().with("outcome", Json.of(outcome));
        if (!outcome.equals("passed")) {
            phase = phase.with("longrepr", Json.of("Skipped: because of " + name + "\n\tat nowhere"));
        }
        tests.add(Json.Obj.empty()
                .with("nodeid", Json.of("core/src/test/java/org/x/" + name.split("::")[0] + ".java::" + name))
                .with("outcome", Json.of(outcome))
                .with("call", phase));
        return this;
    }

    SampleReport exitcode(int code) {
        exitcode = code;
        return this;
    }

    Path write(Path file) throws IOException {
        return Files.writeString(
                file,
                JsonWriter.lines(Json.Obj.empty()
                        .with("created", Json.of(1))
                        .with("exitcode", Json.of(exitcode))
                        .with("root", Json.of("."))
                        .with("tests", new Json.Arr(tests))));
    }
}
