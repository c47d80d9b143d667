package org.medbackup.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.medbackup.core.Entropy;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.corpus.Bytes;
import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.Credential;
import org.medbackup.engine.EngineContext;
import org.medbackup.engine.Repository;
import org.medbackup.linux.CpuTime;

/**
 * What one thread does on the whole way from the file to the pack: read, cut, name, compress, seal, sum up. Measured on
 * the processor time of the whole process, garbage collection and compilation included, so that the load of the machine
 * matters little; the store forgets what it gets.
 *
 * <p>The figure is that of half-compressible data as the storage benchmark fio makes it by default
 * ({@code buffer_compress_percentage=50}: of each 512 bytes one half random, one half zeros). How fast a compressor is
 * depends on the data more than on anything else, so other kinds stand beside it.
 */
final class PipelineBenchmark {

    private static final int PIECE = 16 << 20;
    private static final int OTHER_ROUNDS = 3;

    private final long bytes;
    private final int rounds;

    PipelineBenchmark(long bytes, int rounds) {
        this.bytes = bytes;
        this.rounds = rounds;
    }

    Measurement run() {
        try (var scratch = new Scratch()) {
            List<Double> samples = samples(scratch, "half", PipelineBenchmark::halfZeros, rounds);
            Map<String, Double> details = new TreeMap<>();
            details.put("bytes", (double) bytes);
            details.put("text", Measurement.median(samples(scratch, "text", Bytes::text, OTHER_ROUNDS)));
            details.put(
                    "textAndRandom",
                    Measurement.median(samples(scratch, "textAndRandom", Bytes::halfCompressible, OTHER_ROUNDS)));
            details.put("random", Measurement.median(samples(scratch, "random", Bytes::random, OTHER_ROUNDS)));
            details.put("sha256OfTheJdk", sha256());
            return Measurement.of("pipeline", "MB per second of processor time", samples, details);
        }
    }

    /** How fast this machine is just now: every byte of a backup is summed up by SHA-256 once or twice. */
    private static double sha256() {
        byte[] piece = Bytes.random(1, PIECE);
        var samples = new ArrayList<Double>();
        for (int round = 0; round < OTHER_ROUNDS + 2; round++) {
            long before = CpuTime.ofProcess().toNanos();
            digest(piece);
            samples.add(PIECE / 1e6 / ((CpuTime.ofProcess().toNanos() - before) / 1e9));
        }
        return Measurement.median(samples);
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw ErrorCode.INTERNAL.because("every JDK has SHA-256", impossible);
        }
    }

    /** Makes so many bytes from a seed. */
    private interface Content {
        byte[] make(long seed, int length);
    }

    private static byte[] halfZeros(long seed, int length) {
        byte[] bytes = Bytes.random(seed, length);
        for (int at = 0; at < length; at += 512) {
            Arrays.fill(bytes, Math.min(length, at + 256), Math.min(length, at + 512), (byte) 0);
        }
        return bytes;
    }

    private List<Double> samples(Scratch scratch, String kind, Content content, int count) {
        Path file = scratch.folder().resolve(kind);
        write(file, content);
        backup(scratch.folder().resolve(kind + "-warm"), file);
        var samples = new ArrayList<Double>();
        for (int round = 0; round < count; round++) {
            samples.add(backup(scratch.folder().resolve(kind + "-state" + round), file));
        }
        return samples;
    }

    private void write(Path file, Content content) {
        try (var out = Files.newOutputStream(file)) {
            for (long done = 0; done < bytes; done += PIECE) {
                out.write(content.make(done, (int) Math.min(PIECE, bytes - done)));
            }
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("the data of the benchmark cannot be written", failed);
        }
    }

    /** One backup into a new repository; gives its rate. */
    private double backup(Path state, Path file) {
        var context = new EngineContext(
                TimeSource.system(),
                Entropy.system(),
                Throttle.none(),
                state,
                Secret.copyOf(new byte[32]),
                "bench",
                new EngineContext.Sizing(1, 64L << 20, 1));
        var store = new NowhereStore();
        Repository.Created created = Repository.create(store, context, Secret.ofText("benchmark"));
        var credential = new Credential.KeyFile(created.writerKey());
        OperationLog log = OperationLog.silent();
        try (Repository repository = Repository.open(store, context, credential, log)) {
            BackupRequest request = BackupRequest.of("bench", List.of(PathBytes.of(file.toString())));
            long before = CpuTime.ofProcess().toNanos();
            BackupResult result = repository.backup(request, log);
            long used = CpuTime.ofProcess().toNanos() - before;
            if (result.bytes().added() < bytes) {
                throw ErrorCode.INTERNAL.because("the benchmark stored less than it should have");
            }
            return bytes / 1e6 / (used / 1e9);
        }
    }
}
