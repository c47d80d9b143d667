package org.medbackup.bench;

import java.util.List;
import org.medbackup.core.error.ErrorCode;

/** The benchmarks by name. */
public final class Benchmarks {

    private static final List<String> NAMES = List.of("pipeline", "scan", "classify", "governor");

    /** More files would only take longer to write. */
    private static final int MOST_CLASSIFIED = 20_000;

    private Benchmarks() {}

    /** The names of all benchmarks. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * How large a benchmark is.
     *
     * @param bytes of data
     * @param files count of files
     * @param rounds samples that are taken
     */
    public record Size(long bytes, int files, int rounds) {

        /** What a figure needs. */
        public static final Size USUAL = new Size(512L << 20, 200_000, 7);

        /** What a test needs. */
        public static final Size SMALL = new Size(16L << 20, 2000, 3);
    }

    /**
     * Runs a benchmark.
     *
     * @throws org.medbackup.core.error.UsageException where there is none of this name
     */
    public static Measurement run(String name, Size size) {
        return switch (name) {
            case "pipeline" -> new PipelineBenchmark(size.bytes(), size.rounds()).run();
            case "scan" -> new ScanBenchmark(size.files(), size.rounds()).run();
            case "classify" -> new ClassifyBenchmark(Math.min(size.files(), MOST_CLASSIFIED), size.rounds()).run();
            case "governor" -> GovernorBenchmark.of(size).run();
            default ->
                throw ErrorCode.USAGE.because(
                        "there is no benchmark " + name + "; there are " + String.join(", ", NAMES));
        };
    }
}
