package org.medbackup.testreport.gate;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jacoco.core.data.ExecutionDataStore;
import org.jacoco.core.tools.ExecFileLoader;

/** Checks that the tests ran enough lines of each module, and every method that a module offers to everybody. */
final class CoverageGate implements Gate {

    private static final String MINIMUM = "0.90";

    @Override
    public Syntax syntax() {
        return new Syntax(
                "coverage",
                List.of("exec", "root"),
                Set.of("minimum", "exclude"),
                Set.of(),
                "Gates coverage --exec FILE --root DIR [--minimum " + MINIMUM + "] [--exclude MODULE]...");
    }

    @Override
    public List<String> check(Options options, PrintStream out) throws IOException {
        double minimum = minimum(options);
        ExecutionDataStore executed = executed(options.path("exec"));
        if (executed.getContents().isEmpty()) {
            return List.of(options.path("exec") + " holds no data: did the tests run with JaCoCo's agent?");
        }
        List<String> modules = MavenModules.of(options.path("root"));
        List<String> excluded = options.all("exclude");
        List<String> findings = new ArrayList<>(unknown(excluded, modules));
        out.printf(Locale.ROOT, "%-32s %7s %8s %8s%n", "module", "lines", "covered", "percent");
        int lines = 0;
        for (String name : modules) {
            Path folder = options.path("root").resolve(name);
            Path classes = folder.resolve("target/classes");
            var module = ModuleCoverage.of(name, classes, executed);
            out.println(row(module, excluded.contains(name)));
            if (!excluded.contains(name)) {
                lines += module.lines();
                findings.addAll(problems(module, minimum));
                if (Files.isDirectory(folder.resolve("src/main/java")) && !Files.isDirectory(classes)) {
                    findings.add(name + ": has sources but no classes; build it first");
                }
            }
        }
        if (lines == 0) {
            findings.add("no module has a line to run: nothing was checked; is --root the root of the build?");
        }
        return findings;
    }

    private double minimum(Options options) {
        List<String> given = options.all("minimum");
        String text = given.isEmpty() ? MINIMUM : given.getLast();
        try {
            double minimum = Double.parseDouble(text);
            if (minimum > 0 && minimum <= 1) {
                return minimum;
            }
        } catch (NumberFormatException _) {
            // Said below, as for any number out of range.
        }
        throw new UsageException("--minimum " + text + " is not a part of 1", syntax().usage());
    }

    private static ExecutionDataStore executed(Path file) throws IOException {
        var loader = new ExecFileLoader();
        try (var in = Files.newInputStream(file)) {
            loader.load(in);
        }
        return loader.getExecutionDataStore();
    }

    private static List<String> unknown(List<String> excluded, List<String> modules) {
        return excluded.stream()
                .filter(name -> !modules.contains(name))
                .map(name -> "--exclude " + name + ": there is no such module; take it off the command")
                .toList();
    }

    private static String row(ModuleCoverage module, boolean excluded) {
        String percent = module.lines() == 0 ? "-" : percent(module.ratio());
        String note = excluded ? "  excluded" : "";
        return String.format(
                Locale.ROOT, "%-32s %7d %8d %8s%s", module.module(), module.lines(), module.covered(), percent, note);
    }

    private static List<String> problems(ModuleCoverage module, double minimum) {
        List<String> problems = new ArrayList<>();
        if (module.ratio() < minimum) {
            problems.add(module.module() + ": " + percent(module.ratio()) + " of the lines are covered, "
                    + percent(minimum) + " are asked for; test what is not, or take it out");
        }
        for (String method : module.unusedApi()) {
            problems.add(module.module() + ": no test runs " + method + "; call it from a test, or do not export it");
        }
        for (String type : module.changed()) {
            problems.add(module.module() + ": " + type + " is not the class that the tests ran; build and test anew");
        }
        return problems;
    }

    /** Rounded down: 89.96 % must not read as the 90 % that it misses. */
    private static String percent(double ratio) {
        return String.format(Locale.ROOT, "%.1f %%", Math.floor(ratio * 1000 + 1e-9) / 10);
    }
}
