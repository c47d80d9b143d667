package org.medbackup.testreport.gate;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks that each requirement names the tests which prove it, or says that it is open, and that those tests passed. */
final class RequirementsGate implements Gate {

    private static final Pattern TEST_NAME = Pattern.compile("[\\w$]+(\\.[\\w$]+)*");

    @Override
    public Syntax syntax() {
        return new Syntax(
                "requirements",
                List.of("table", "results"),
                Set.of(),
                Set.of(),
                "Gates requirements --table FILE.md --results FILE.json");
    }

    @Override
    public List<String> check(Options options, PrintStream out) throws IOException {
        TestResults results = TestResults.read(options.path("results"));
        var rows = RequirementsTable.parse(Files.readAllLines(options.path("table")));
        if (rows.isEmpty()) {
            return List.of(options.path("table") + " holds no row of a table: nothing was checked");
        }
        List<String> findings = new ArrayList<>();
        int proven = 0;
        for (RequirementsTable.Row row : rows) {
            List<String> found = problems(row, results);
            found.forEach(problem -> findings.add(
                    options.path("table").getFileName() + ":" + row.line() + " \"" + row.title() + "\": " + problem));
            proven += found.isEmpty() && !row.open() ? 1 : 0;
        }
        long open = rows.stream().filter(RequirementsTable.Row::open).count();
        out.println("requirements: " + rows.size() + " rows, " + proven + " proven, " + open + " open");
        return findings;
    }

    private static List<String> problems(RequirementsTable.Row row, TestResults results) {
        List<String> problems = new ArrayList<>();
        if (row.tests().isEmpty() && !row.open()) {
            problems.add("names no test; name one as `XTest.method`, or write *open*");
        }
        if (!row.rest().isEmpty()) {
            problems.add("the last cell also holds \"" + row.rest() + "\"; tests stand in backquotes");
        }
        row.tests().forEach(test -> problems.addAll(problems(test, results)));
        return problems;
    }

    private static List<String> problems(String test, TestResults results) {
        if (!TEST_NAME.matcher(test).matches()) {
            return List.of("`" + test + "` is not the name of a test; write `XTest.method` or `XTest`");
        }
        List<String> wanted = Arrays.asList(test.split("\\."));
        List<TestResult> under = results.tests().stream()
                .filter(result -> startsWith(result.names(), wanted))
                .toList();
        // Of a class one test is enough; of a method named as such, no invocation may be broken.
        boolean broken = under.stream()
                .anyMatch(result -> result.broken() && result.names().equals(wanted));
        if (under.isEmpty()) {
            return List.of("`" + test + "` is not in the results; mend the name or write the test");
        }
        if (broken || under.stream().noneMatch(TestResult::passed)) {
            return List.of("`" + test + "` did not pass: " + firstProblem(under));
        }
        return List.of();
    }

    private static String firstProblem(List<TestResult> results) {
        return results.stream()
                .filter(result -> !result.passed())
                .map(TestResult::toString)
                .findFirst()
                .orElseThrow();
    }

    private static boolean startsWith(List<String> names, List<String> wanted) {
        return names.size() >= wanted.size() && names.subList(0, wanted.size()).equals(wanted);
    }
}
