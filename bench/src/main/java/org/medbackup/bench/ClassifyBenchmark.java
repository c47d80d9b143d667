package org.medbackup.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.medbackup.core.PathBytes;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.corpus.ClinicalDocuments;
import org.medbackup.corpus.Document;
import org.medbackup.corpus.DocumentKind;
import org.medbackup.linux.CpuTime;
import org.medbackup.linux.Fd;
import org.medbackup.policy.Classifier;

/**
 * How many files are classified in a second of processor time, opening and reading their first bytes included, with the files
 * in the page cache; how long the slowest take; and what the disk gives when it has to be asked, beside reads of the same
 * bytes without any classification.
 */
final class ClassifyBenchmark {

    private static final long SEED = 4711;
    private static final int FILES_A_FOLDER = 500;

    /** So many are read from the disk; each has to be written there before. */
    private static final int COLD = 2_000;

    /** Of a hundred files so many are images. */
    private static final int IMAGES = 10;

    private final int files;
    private final int rounds;
    private final Classifier classifier = Classifier.builtIn();
    private final ByteBuffer head = ByteBuffer.allocate(Classifier.HEAD);

    ClassifyBenchmark(int files, int rounds) {
        this.files = files;
        this.rounds = rounds;
    }

    Measurement run() {
        try (Scratch scratch = Scratch.onDisk()) {
            return measured(write(scratch.folder()));
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("the files of the benchmark cannot be written or read", failed);
        }
    }

    private Measurement measured(List<FileFacts> facts) throws IOException {
        var rates = new ArrayList<Double>();
        var all = new ArrayList<Long>();
        for (int round = -2; round < rounds; round++) {
            long[] each = new long[facts.size()];
            Duration begun = CpuTime.ofThread();
            Duration before = begun;
            for (int i = 0; i < each.length; i++) {
                classify(facts.get(i));
                Duration now = CpuTime.ofThread();
                each[i] = now.minus(before).toNanos();
                before = now;
            }
            if (round >= 0) {
                rates.add(each.length / seconds(before.minus(begun)));
                Arrays.stream(each).forEach(all::add);
            }
        }
        Collections.sort(all);
        Map<String, Double> details = new TreeMap<>();
        details.put("files", (double) facts.size());
        details.put("p50.microseconds", all.get(all.size() / 2) / 1e3);
        details.put("p99.9.microseconds", all.get((int) (all.size() * 0.999)) / 1e3);
        details.put("slowest.microseconds", all.getLast() / 1e3);
        details.put("wall.filesPerSecond", wall(facts, true));
        List<FileFacts> some = facts.subList(0, Math.min(facts.size(), COLD));
        evict(some);
        details.put("cold.filesPerSecond", wall(some, true));
        evict(some);
        details.put("cold.readsPerSecond", wall(some, false));
        return Measurement.of("classify", "files per second of processor time", rates, details);
    }

    private double wall(List<FileFacts> facts, boolean classified) throws IOException {
        TimeSource time = TimeSource.system();
        long begun = time.nanos();
        for (FileFacts each : facts) {
            if (classified) {
                classify(each);
            } else {
                read(each);
            }
        }
        return facts.size() / seconds(time.since(begun));
    }

    private static double seconds(Duration span) {
        return span.toNanos() / 1e9;
    }

    private void read(FileFacts file) throws IOException {
        head.clear();
        try (FileChannel channel = FileChannel.open(Path.of(file.path().toString()), StandardOpenOption.READ)) {
            while (head.hasRemaining() && channel.read(head) >= 0) {
                // As much as there is.
            }
        }
        head.flip();
    }

    private void classify(FileFacts file) throws IOException {
        read(file);
        if (classifier.classify(file, head).findings().isEmpty()) {
            throw new IllegalStateException("a clinical document without a label");
        }
    }

    private List<FileFacts> write(Path folder) throws IOException {
        ClinicalDocuments documents = ClinicalDocuments.of(SEED).withImageBytes(8 << 10);
        List<FileFacts> facts = new ArrayList<>();
        for (int number = 0; number < files; number++) {
            Path place = folder.resolve("f" + number / FILES_A_FOLDER);
            if (number % FILES_A_FOLDER == 0) {
                Files.createDirectory(place);
            }
            Document document =
                    number % 100 < IMAGES ? documents.document(DocumentKind.DICOM, number) : documents.document(number);
            Path file = place.resolve("d" + number);
            Files.write(file, document.content());
            facts.add(new FileFacts(PathBytes.of(file.toString()), document.content().length, Instant.EPOCH, 0, 0, 0));
        }
        return facts;
    }

    private static void evict(List<FileFacts> facts) {
        for (FileFacts each : facts) {
            try (Fd file = Fd.CWD.open(each.path().bytes(), Fd.READ)) {
                file.syncData();
                file.advise(0, 0, Fd.Advice.DONT_NEED);
            }
        }
    }
}
