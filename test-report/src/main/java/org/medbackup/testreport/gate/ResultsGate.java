package org.medbackup.testreport.gate;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks that a run passed, and that the results which the project keeps are those of this run. */
final class ResultsGate implements Gate {

    /** More differences than these nobody reads: the mending is the same for one and for thousands. */
    private static final int SHOWN = 20;

    @Override
    public Syntax syntax() {
        return new Syntax(
                "results",
                List.of("expected", "actual"),
                Set.of(),
                Set.of("no-skips"),
                "Gates results --expected FILE --actual FILE [--no-skips]");
    }

    @Override
    public List<String> check(Options options, PrintStream out) throws IOException {
        TestResults expected = TestResults.read(options.path("expected"));
        TestResults actual = TestResults.read(options.path("actual"));
        out.println("results: " + actual.tests().size() + " tests ran, "
                + expected.tests().size() + " are on record");

        List<String> findings = new ArrayList<>(failures(actual));
        if (options.has("no-skips")) {
            findings.addAll(skips(actual));
        }
        findings.addAll(differences(expected, actual));
        return findings;
    }

    /** What keeps a run from being taken for a good one. */
    static List<String> failures(TestResults actual) {
        List<String> broken = actual.tests().stream()
                .filter(TestResult::broken)
                .map(TestResult::toString)
                .toList();
        List<String> findings = new ArrayList<>(shortened(broken));
        if (actual.exitcode() != 0) {
            findings.add("the run ended with exit code " + actual.exitcode() + ": mend the tests first");
        }
        return findings;
    }

    private static List<String> skips(TestResults actual) {
        return actual.tests().stream()
                .filter(test -> test.outcome().equals("skipped"))
                .map(test -> test + ": nothing may be skipped here")
                .toList();
    }

    /** The part of both that differs, in the order of the names, and last what to do about it. */
    private static List<String> differences(TestResults expected, TestResults actual) {
        Map<String, String> before = outcomes(expected);
        Map<String, String> now = outcomes(actual);
        var names = new TreeSet<>(before.keySet());
        names.addAll(now.keySet());
        List<String> differences = names.stream()
                .filter(name -> !Objects.equals(before.get(name), now.get(name)))
                .map(name -> difference(name, before.get(name), now.get(name)))
                .toList();
        List<String> findings = new ArrayList<>(shortened(differences));
        if (!differences.isEmpty()) {
            findings.add(
                    "pytest_results.json is not of this run; refresh it: run ./check and commit pytest_results.json");
        }
        return findings;
    }

    private static String difference(String name, @Nullable String before, @Nullable String now) {
        if (now == null) {
            return "missing: " + name + " is on record but did not run";
        }
        return before == null
                ? "new: " + name + " ran but is not on record"
                : "changed: " + name + " is on record as " + before + " and is now " + now;
    }

    /** The outcomes by name; should a report hold one name twice, its outcomes together. */
    private static Map<String, String> outcomes(TestResults results) {
        return results.tests().stream()
                .collect(Collectors.toMap(
                        TestResult::nodeid, TestResult::outcome, (one, other) -> one + " and " + other, TreeMap::new));
    }

    static List<String> shortened(List<String> findings) {
        if (findings.size() <= SHOWN) {
            return findings;
        }
        List<String> shown = new ArrayList<>(findings.subList(0, SHOWN));
        shown.add("... and " + (findings.size() - SHOWN) + " more");
        return shown;
    }
}
