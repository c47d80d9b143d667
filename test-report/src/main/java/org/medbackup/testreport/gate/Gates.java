package org.medbackup.testreport.gate;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.util.List;

/**
 * Runs one gate of the build: {@code java -cp ... org.medbackup.testreport.gate.Gates GATE OPTIONS}.
 *
 * <p>Ends with 0 if the gate is passed, with 1 if not, with 2 if it was called wrongly.
 */
public final class Gates {

    private static final String USAGE = "Gates (coverage | requirements | results | publish) OPTIONS";

    private Gates() {}

    /** Runs the gate and ends the process. */
    public static void main(String[] args) {
        System.exit(run(List.of(args), System.out, System.err));
    }

    static int run(List<String> args, PrintStream out, PrintStream err) {
        try {
            Gate gate = gate(args.isEmpty() ? "" : args.getFirst());
            var options = Options.parse(gate.syntax(), args.subList(1, args.size()));
            List<String> findings = findings(gate, options, out);
            findings.forEach(finding -> out.println("  " + finding));
            out.println(gate.syntax().name() + (findings.isEmpty() ? ": passed" : ": FAILED"));
            return findings.isEmpty() ? 0 : 1;
        } catch (UsageException e) {
            err.println(e.getMessage());
            return 2;
        }
    }

    /** A file that cannot be read is a finding as well: what was not checked has not passed. */
    private static List<String> findings(Gate gate, Options options, PrintStream out) {
        try {
            return gate.check(options, out);
        } catch (NoSuchFileException e) {
            return List.of("there is no file " + e.getFile());
        } catch (IOException e) {
            return List.of("cannot be read: " + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    /** One gate is made, not all: only the coverage gate needs JaCoCo on the class path. */
    private static Gate gate(String name) {
        return switch (name) {
            case "coverage" -> new CoverageGate();
            case "requirements" -> new RequirementsGate();
            case "results" -> new ResultsGate();
            case "publish" -> new PublishGate();
            default -> throw new UsageException("unknown gate \"" + name + "\"", USAGE);
        };
    }
}
