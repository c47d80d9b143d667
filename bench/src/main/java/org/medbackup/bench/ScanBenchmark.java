package org.medbackup.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.TreeScan;

/**
 * How many entries a scan looks at in a second of processor time, and beside it the same system calls made from C on the
 * same files in the same process, where a C compiler is there. The two take turns.
 */
final class ScanBenchmark {

    private static final int FILES_A_FOLDER = 200;

    private final int files;
    private final int rounds;

    ScanBenchmark(int files, int rounds) {
        this.files = files;
        this.rounds = rounds;
    }

    Measurement run() {
        try (var scratch = new Scratch()) {
            Path tree = scratch.folder().resolve("tree");
            write(tree);
            PathBytes root = PathBytes.of(tree.toString());
            Optional<CReference> reference = CReference.compile(scratch.folder());
            var ours = new ArrayList<Double>();
            var theirs = new ArrayList<Double>();
            for (int round = -2; round < rounds; round++) {
                TreeScan scan = TreeScan.of(root);
                double rate = scan.entries() / (scan.processorTime().toNanos() / 1e9);
                Optional<Double> other = reference.map(each -> each.entriesPerSecond(tree, scan.entries()));
                if (round >= 0) {
                    ours.add(rate);
                    other.ifPresent(theirs::add);
                }
            }
            Map<String, Double> details = new TreeMap<>();
            details.put("entries", (double) TreeScan.of(root).entries());
            if (!theirs.isEmpty()) {
                details.put("referenceInC", Measurement.median(theirs));
                details.put("ratioToC", Measurement.median(ours) / Measurement.median(theirs));
            }
            return Measurement.of("scan", "entries per second of processor time", ours, details);
        }
    }

    private void write(Path tree) {
        try {
            for (int number = 0; number < files; number++) {
                Path folder = tree.resolve("folder-" + number / FILES_A_FOLDER);
                if (number % FILES_A_FOLDER == 0) {
                    Files.createDirectories(folder);
                }
                Files.createFile(folder.resolve("document-" + number + ".hl7"));
            }
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("the files of the benchmark cannot be written", failed);
        }
    }
}
