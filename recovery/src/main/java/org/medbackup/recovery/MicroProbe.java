package org.medbackup.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
 *
 * <p>Small files come in stretches, as they lie in the restore point: neighbours share a chunk, and a restore opens it
 * once for all of them. A draw of single files would pay for a whole chunk each.
 */
public final class MicroProbe {

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
        var sample = new Sample(random);
        repository.list(snapshot, PathBytes.of("/"), true, sample::add, log);
        sample.end();
        Path scratch = scratch();
        try {
            // The first rounds also pay for code that is being compiled; later ones are what a longer restore will see.
            var _ = timings(snapshot, sample, scratch.resolve("1"));
            var _ = timings(snapshot, sample, scratch.resolve("2"));
            Timing before = timings(snapshot, sample, scratch.resolve("3"));
            // The mean, not the faster one: what else this machine does will slow a restore, too.
            return rates(before, timings(snapshot, sample, scratch.resolve("4")), sample);
        } finally {
            // Not between the rounds: a file system that still frees what was removed is slow to write.
            remove(scratch);
        }
    }

    private Path scratch() {
        try {
            Files.createDirectories(folder);
            return Files.createTempDirectory(folder, ".medbackup-probe-");
        } catch (IOException impossible) {
            throw ErrorCode.TARGET_UNUSABLE.because("no scratch folder can be made there", impossible);
        }
    }

    /** Seconds of one round. */
    private record Timing(double single, double small, double large) {

        double total() {
            return single + small + large;
        }

        Timing mean(Timing other) {
            return new Timing((single + other.single) / 2, (small + other.small) / 2, (large + other.large) / 2);
        }
    }

    private Timing timings(String snapshot, Sample sample, Path target) {
        List<Entry> small = sample.small();
        List<Entry> large = sample.large();
        List<Entry> any = small.isEmpty() ? large : small;
        return new Timing(
                any.isEmpty() ? 0 : time(snapshot, List.of(any.getFirst()), target.resolve("single")),
                small.isEmpty() ? 0 : time(snapshot, small, target.resolve("small")),
                large.isEmpty() ? 0 : time(snapshot, large, target.resolve("large")));
    }

    private double time(String snapshot, List<Entry> files, Path target) {
        List<PathBytes> paths =
                files.stream().map(file -> PathBytes.of(file.path())).toList();
        var request = new RestoreRequest(snapshot, PathBytes.of("/"), paths, target);
        RestoreResult result = repository.restore(request, log);
        return result.took().toNanos() / 1e9;
    }

    private static RestoreRates rates(Timing before, Timing last, Sample sample) {
        Timing timing = before.mean(last);
        double spread = Math.abs(before.total() - last.total()) / Math.max(timing.total(), 1e-9);
        long smallBytes = Sample.bytes(sample.small());
        long largeBytes = Sample.bytes(sample.large());
        double perByte = largeBytes == 0 ? 0 : positive(timing.large() - timing.single()) / largeBytes;
        double smallTime = positive(timing.small() - timing.single());
        double perFile = sample.small().size() < 2
                ? 0
                : positive(smallTime - smallBytes * perByte) / (sample.small().size() - 1);
        if (largeBytes == 0 && smallBytes > 0) {
            // Nothing large to learn from: what the small files took counts as their bytes' share by half.
            perByte = smallTime / 2 / smallBytes;
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
