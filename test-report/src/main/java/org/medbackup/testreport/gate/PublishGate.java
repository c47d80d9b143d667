package org.medbackup.testreport.gate;

import java.io.IOException;
import java.io.PrintStream;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.medbackup.testreport.Json;
import org.medbackup.testreport.JsonWriter;

/** Puts the report of a good run on record, in an order and with digits that keep the next difference small. */
final class PublishGate implements Gate {

    private static final int DIGITS = 6;

    @Override
    public Syntax syntax() {
        return new Syntax(
                "publish", List.of("from", "to"), Set.of(), Set.of(), "Gates publish --from REPORT --to FILE");
    }

    @Override
    public List<String> check(Options options, PrintStream out) throws IOException {
        TestResults results = TestResults.read(options.path("from"));
        List<String> failures = ResultsGate.failures(results);
        if (failures.isEmpty()) {
            Json.Obj report = Json.parseObject(Files.readString(options.path("from")));
            write(JsonWriter.lines(canonical(report)), options.path("to").toAbsolutePath());
            out.println("publish: " + results.tests().size() + " tests are on record in " + options.path("to"));
        }
        return failures;
    }

    private static Json.Obj canonical(Json.Obj report) {
        List<Json.Obj> tests = report.objects("tests").stream()
                .sorted(Comparator.comparing(test -> test.text("nodeid")))
                .toList();
        return rounded(report.with("tests", new Json.Arr(List.copyOf(tests))));
    }

    private static Json.Obj rounded(Json.Obj object) {
        var members = new LinkedHashMap<String, Json>();
        object.members().forEach((name, value) -> members.put(name, rounded(value)));
        return new Json.Obj(members);
    }

    private static Json rounded(Json value) {
        return switch (value) {
            case Json.Obj object -> rounded(object);
            case Json.Arr(var items) ->
                new Json.Arr(items.stream().map(PublishGate::rounded).toList());
            case Json.Num(var number)
            when number.scale() > DIGITS -> new Json.Num(number.setScale(DIGITS, RoundingMode.HALF_UP));
            case Json.Num _, Json.Text _, Json.Word _ -> value;
        };
    }

    private static void write(String text, Path file) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(temporary, text);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
