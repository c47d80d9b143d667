package org.medbackup.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.engine.Entry;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RestoreRequest;
import org.medbackup.engine.RestoreResult;

/**
 * Measures what restores cost here and now, by restoring a few files of the restore point itself into a scratch folder on
 * the target's file system: one file, many small ones, some large ones. Everything that a restore goes through is in it:
 * the store, the keys, the processor, the disk. Takes a few seconds; the scratch folder is removed.
 */
public final class MicroProbe {

    private static final int SMALL = 256 * 1024;
    private static final int SMALL_FILES = 300;
    private static final long LARGE_BYTES = 48L << 20;
    private static final long LARGEST = 256L << 20;

    private final Repository repository;
    private final Path folder;
    private final RandomGenerator random;
    private final OperationLog log;

    /**
     * A probe.
     *
     * @param folder on the file system that will be restored to; a scratch folder is made in it
     * @param random draws the sample
     */
    public MicroProbe(Repository repository, Path folder, RandomGenerator random, OperationLog log) {
        this.repository = repository;
        this.folder = folder;
        this.random = random;
        this.log = log;
    }

    /** Measures the rates for restores of a restore point. */
    public RestoreRates measure(String snapshot) {
        var sample = new Sample();
        repository.list(snapshot, PathBytes.of("/"), true, sample::add, log);
        Timing first = timings(snapshot, sample);
        Timing second = timings(snapshot, sample);
        // The first run also pays for code that is being compiled; the second is what a longer restore will see.
        double spread = Math.abs(first.total() - second.total()) / Math.max(second.total(), 1e-9);
        return rates(second, spread);
    }

    private record Timing(double single, double small, double large, Sample sample) {

        double total() {
            return single + small + large;
        }
    }

    /** A draw of small and large files. */
    private final class Sample {

        private final List<Entry> small = new ArrayList<>();
        private final List<Entry> large = new ArrayList<>();
        private long seen;

        void add(Entry entry) {
            if (entry.type() != Entry.Type.FILE || entry.size() > LARGEST) {
                return;
            }
            seen++;
            if (entry.size() >= SMALL) {
                if (bytes(large) < LARGE_BYTES) {
                    large.add(entry);
                }
            } else if (small.size() < SMALL_FILES) {
                small.add(entry);
            } else if (random.nextLong(seen) < SMALL_FILES) {
                small.set(random.nextInt(SMALL_FILES), entry);
            }
        }

        static long bytes(List<Entry> entries) {
            return entries.stream().mapToLong(Entry::size).sum();
        }
    }

    private Timing timings(String snapshot, Sample sample) {
        List<Entry> any = sample.small.isEmpty() ? sample.large : sample.small;
        double single = any.isEmpty() ? 0 : time(snapshot, List.of(any.getFirst()));
        double small = sample.small.isEmpty() ? 0 : time(snapshot, sample.small);
        double large = sample.large.isEmpty() ? 0 : time(snapshot, sample.large);
        return new Timing(single, small, large, sample);
    }

    private double time(String snapshot, List<Entry> files) {
        List<PathBytes> paths =
                files.stream().map(file -> PathBytes.of(file.path())).toList();
        Path scratch;
        try {
            Files.createDirectories(folder);
            scratch = Files.createTempDirectory(folder, ".medbackup-probe-");
        } catch (IOException impossible) {
            throw ErrorCode.TARGET_UNUSABLE.because("no scratch folder can be made there", impossible);
        }
        try {
            var request = new RestoreRequest(snapshot, PathBytes.of("/"), paths, scratch);
            RestoreResult result = repository.restore(request, log);
            return result.took().toNanos() / 1e9;
        } finally {
            remove(scratch);
        }
    }

    private static RestoreRates rates(Timing timing, double spread) {
        Sample sample = timing.sample();
        boolean noLarge = sample.large.isEmpty();
        double perByte = noLarge ? 0 : positive(timing.large() - timing.single()) / Sample.bytes(sample.large);
        double smallTime = positive(timing.small() - timing.single());
        double perFile = sample.small.size() < 2
                ? 0
                : positive(smallTime - Sample.bytes(sample.small) * perByte) / (sample.small.size() - 1);
        if (noLarge && Sample.bytes(sample.small) > 0) {
            // Nothing large to learn from: what the small files took counts as their bytes' share by half.
            perByte = smallTime / 2 / Sample.bytes(sample.small);
            perFile = perFile / 2;
        }
        Duration start = Duration.ofNanos((long) (timing.single() * 1e9));
        return new RestoreRates(start, perByte, perFile, spread);
    }

    private static double positive(double seconds) {
        return Math.max(0, seconds);
    }

    private static void remove(Path scratch) {
        try (Stream<Path> files = Files.walk(scratch)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException left) {
            throw ErrorCode.TARGET_UNUSABLE.because("the scratch folder cannot be removed", left);
        }
    }
}
