package org.medbackup.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.medbackup.core.PathBytes;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.engine.Entry;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RestoreRequest;
import org.medbackup.engine.RestoreResult;
import org.medbackup.engine.RestoreSteps;
import org.medbackup.linux.CpuTime;
import org.medbackup.recovery.simulate.RestoreCosts;
import org.medbackup.recovery.simulate.RestoreSimulation;

/**
 * Measures what restores cost here and now, by restoring a few files of the restore point itself into a scratch folder on
 * the target's file system: one file, many small ones, some large ones. Everything that a restore goes through is in it:
 * the store, the keys, the processor, the disk. Takes a few seconds; the scratch folder is removed.
 *
 * <p>Small files come in stretches, as they lie in the restore point: neighbours share a chunk, and a restore opens it
 * once for all of them. A draw of single files would pay for a whole chunk each.
 */
public final class MicroProbe {

    private static final int WARM_ROUNDS = 2;
    private static final int USUAL_ROUNDS = 2;

    private final Repository repository;
    private final Path folder;
    private final RandomGenerator random;
    private final TimeSource time;
    private final OperationLog log;

    /**
     * A probe.
     *
     * @param folder on the file system that will be restored to; a scratch folder is made in it
     * @param random draws the sample
     */
    public MicroProbe(Repository repository, Path folder, RandomGenerator random, OperationLog log) {
        this(repository, folder, random, TimeSource.system(), log);
    }

    /** The same by another clock. */
    public MicroProbe(Repository repository, Path folder, RandomGenerator random, TimeSource time, OperationLog log) {
        this.time = time;
        this.repository = repository;
        this.folder = folder;
        this.random = random;
        this.log = log;
    }

    /** Measures what restores of a restore point cost. */
    public RestoreCosts measure(String snapshot) {
        return measure(snapshot, USUAL_ROUNDS);
    }

    /**
     * The same with more rounds, by which it is known how much they differ on a machine that others use too.
     *
     * @param rounds that count; at least 2
     */
    public RestoreCosts measure(String snapshot, int rounds) {
        var sample = new Sample(random);
        repository.list(snapshot, PathBytes.of("/"), true, sample::add, log);
        sample.end();
        List<Entry> small = sample.small();
        List<Entry> any = small.isEmpty() ? sample.large() : small;
        if (any.isEmpty()) {
            return new RestoreCosts(0, 0, 0, 0, 0, 0, 0);
        }
        Path scratch = scratch();
        try {
            var single = new Part(snapshot, "single", List.of(any.getFirst()));
            var many = new Part(snapshot, "small", small);
            var large = new Part(snapshot, "large", sample.large());
            List<Double> totals = new ArrayList<>();
            // The first rounds also pay for code that is being compiled; later ones are what a longer restore will see.
            for (int round = -WARM_ROUNDS; round < rounds; round++) {
                double total = 0;
                for (Part part : List.of(single, many, large)) {
                    total += part.restore(scratch.resolve(part.name + (round + WARM_ROUNDS)), round >= 0);
                }
                if (round >= 0) {
                    totals.add(total);
                }
            }
            return costs(single.start(), many, large, spread(totals));
        } finally {
            // Not between the rounds: a file system that still frees what was removed is slow to write.
            remove(scratch);
        }
    }

    /** By what share rounds differed: their standard deviation for three and more, the difference of two. */
    static double spread(List<Double> totals) {
        double mean = totals.stream().mapToDouble(each -> each).average().orElse(0);
        if (mean <= 0) {
            return 0;
        }
        if (totals.size() == 2) {
            return Math.abs(totals.getFirst() - totals.getLast()) / mean;
        }
        double squares = totals.stream()
                .mapToDouble(each -> (each - mean) * (each - mean))
                .sum();
        return Math.sqrt(squares / (totals.size() - 1)) / mean;
    }

    private Path scratch() {
        try {
            Files.createDirectories(folder);
            return Files.createTempDirectory(folder, ".medbackup-probe-");
        } catch (IOException impossible) {
            throw ErrorCode.TARGET_UNUSABLE.because("no scratch folder can be made there", impossible);
        }
    }

    /**
     * Seconds, and seconds of processor time.
     */
    private record Timing(double seconds, double processor) {

        Timing minus(Timing other) {
            return new Timing(Math.max(0, seconds - other.seconds), Math.max(0, processor - other.processor));
        }
    }

    /** Some files that are restored again and again. */
    private final class Part {
        private final String name;
        private final String snapshot;
        private final List<PathBytes> paths;
        private final RestoreSteps steps;
        private final Timing planning;
        private double seconds;
        private double processor;
        private int rounds;

        Part(String snapshot, String name, List<Entry> files) {
            this.name = name;
            this.snapshot = snapshot;
            this.paths = files.stream().map(file -> PathBytes.of(file.path())).toList();
            if (files.isEmpty()) {
                this.steps = new RestoreSteps(List.of(), 0, 1);
                this.planning = new Timing(0, 0);
            } else {
                var request = new RestoreRequest(snapshot, PathBytes.of("/"), paths, folder);
                // The first time also pays for what is then at hand.
                var _ = repository.steps(request, log);
                Duration before = CpuTime.ofProcess();
                long began = time.nanos();
                this.steps = repository.steps(request, log);
                this.planning = new Timing(
                        time.since(began).toNanos() / 1e9,
                        CpuTime.ofProcess().minus(before).toNanos() / 1e9);
            }
        }

        /** What a restore takes before its first byte: that of one small file; or to plan one, where there is no small one. */
        Timing start() {
            return bytes() < Sample.LARGE ? mean() : planning;
        }

        /** Gives the seconds that it took. */
        double restore(Path target, boolean counts) {
            if (paths.isEmpty()) {
                return 0;
            }
            Duration before = CpuTime.ofProcess();
            RestoreResult result =
                    repository.restore(new RestoreRequest(snapshot, PathBytes.of("/"), paths, target), log);
            double took = result.took().toNanos() / 1e9;
            if (counts) {
                seconds += took;
                processor += CpuTime.ofProcess().minus(before).toNanos() / 1e9;
                rounds++;
            }
            return took;
        }

        /** The mean, not the fastest one: what else this machine does will slow a restore, too. */
        Timing mean() {
            return rounds == 0 ? new Timing(0, 0) : new Timing(seconds / rounds, processor / rounds);
        }

        long bytes() {
            return steps.written();
        }
    }

    private static RestoreCosts costs(Timing start, Part small, Part large, double spread) {
        Timing data = large.mean().minus(start);
        Timing names = small.mean().minus(start);
        double perByte = 0;
        double processorPerByte = 0;
        if (large.bytes() > 0) {
            perByte = worker(large.steps, data.seconds(), 0, false);
            processorPerByte = data.processor() / large.bytes();
        } else if (small.bytes() > 0) {
            // Nothing large to learn from: what the small files took counts as their bytes' share by half.
            perByte = worker(small.steps, names.seconds() / 2, 0, false);
            processorPerByte = names.processor() / 2 / small.bytes();
        }
        double entries = small.steps.entries() - 1;
        double perEntry = 0;
        double processorPerEntry = 0;
        if (entries >= 1) {
            perEntry = worker(small.steps, names.seconds(), perByte, true);
            processorPerEntry = Math.max(0, names.processor() - small.bytes() * processorPerByte) / entries;
        }
        return new RestoreCosts(
                start.seconds(), perEntry, perByte, start.processor(), processorPerEntry, processorPerByte, spread);
    }

    /**
     * What an entry or a byte has to cost a worker so that a simulation of these steps takes as long as they did; steps go on
     * beside each other, so that it is more than their share of the time.
     */
    private static double worker(RestoreSteps steps, double seconds, double perByte, boolean ofEntries) {
        double least = 0;
        double most = seconds * steps.workers() / Math.max(1e-9, ofEntries ? steps.entries() : steps.written());
        for (int i = 0; i < 40; i++) {
            double middle = (least + most) / 2;
            var costs = new RestoreCosts(0, ofEntries ? middle : 0, ofEntries ? perByte : middle, 0, 0, 0, 0);
            if (new RestoreSimulation(steps, costs, Map.of()).run().seconds() < seconds) {
                least = middle;
            } else {
                most = middle;
            }
        }
        return least;
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
