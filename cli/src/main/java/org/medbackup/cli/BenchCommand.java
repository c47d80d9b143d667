package org.medbackup.cli;

import java.util.Locale;
import org.medbackup.bench.Benchmarks;
import org.medbackup.bench.Measurement;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures the running machine. */
@Command(name = "bench", description = "Measures the running machine: pipeline, scan, classify, governor.")
final class BenchCommand extends ProductCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "pipeline, scan, classify or governor.")
    String name = "";

    @Option(names = "--quick", description = "With little data: says whether it works, not how fast.")
    boolean quick;

    @Override
    Answer answer() {
        Measurement measured = Benchmarks.run(name, quick ? Benchmarks.Size.SMALL : Benchmarks.Size.USUAL);
        var answer = new Answer()
                .field("name", measured.name())
                .field("unit", measured.unit())
                .field("value", measured.value())
                .field("samples", measured.samples())
                .field("details", measured.details())
                .line(String.format(
                        Locale.ROOT,
                        measured.value() < 10 ? "%s: %.4f %s (median of %d)" : "%s: %.0f %s (median of %d)",
                        measured.name(),
                        measured.value(),
                        measured.unit(),
                        measured.samples().size()));
        measured.details()
                .forEach((detail, value) -> answer.line(String.format(Locale.ROOT, "  %s %.3f", detail, value)));
        return answer;
    }

    @Override
    Answer answer(MedBackup product) {
        return answer();
    }
}
