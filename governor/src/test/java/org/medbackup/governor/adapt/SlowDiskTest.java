package org.medbackup.governor.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.spi.signal.ProductionSignal;
import org.medbackup.core.spi.signal.Sample;
import org.medbackup.core.spi.signal.Unit;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.governor.GovernedJob;
import org.medbackup.governor.Governor;
import org.medbackup.governor.Limits;
import org.medbackup.governor.Protection;
import org.medbackup.governor.WorkClass;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.SeededEntropy;

/** A victim that reads 4 KiB every ten milliseconds, and a backup, on one slow disk. */
class SlowDiskTest {

    private static final TimeSource TIME = TimeSource.system();
    private static final int READERS = 4;
    /** Part of the time in which somebody waited for a processor, below which they count as free. */
    private static final double FREE = 0.1;
    /** Part of the disk that is reached within seconds for sure; three times as much is usual. */
    private static final double SURE = 0.2;

    private static final Protection PROTECTION =
            Protection.ofRise("victim", URI.create("disk-read:/any"), Duration.ofMillis(10), 0.2);
    private static final Tuning TUNING =
            new Tuning(Throttle.Resource.DISK_READ, 1_000_000, 16_000_000, 0.25, 0.04, Duration.ofSeconds(1));

    @TempDir
    Path temp;

    private final Governor governor = Governor.of(Limits.none());
    private final List<Thread> readers = new ArrayList<>();
    private volatile boolean over;

    /** Keeps what the victim waited. */
    private static final class Victim implements ProductionSignal {

        private final SlowDisk disk;
        private final ProductionSignal signal;
        private List<Double> seconds = new ArrayList<>();
        private boolean entered;

        Victim(SlowDisk disk) {
            this.disk = disk;
            this.signal = disk.signal();
        }

        @Override
        public String id() {
            return signal.id();
        }

        @Override
        public Unit unit() {
            return signal.unit();
        }

        @Override
        public Sample read() {
            if (!entered) {
                entered = true;
                disk.enter();
            }
            Sample sample = signal.read();
            keep(sample.value());
            return sample;
        }

        private synchronized void keep(double value) {
            seconds.add(value);
        }

        /** Median and 99th percentile in milliseconds since this was last asked. */
        synchronized double[] quantiles() {
            double[] sorted =
                    seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            seconds = new ArrayList<>();
            return new double[] {
                sorted[Baseline.rank(sorted.length, 0.5)] * 1000, sorted[Baseline.rank(sorted.length, 0.99)] * 1000
            };
        }

        @Override
        public void close() {
            signal.close();
        }
    }

    private void backUp(SlowDisk disk, GovernedJob job) {
        for (int i = 0; i < READERS; i++) {
            readers.add(Thread.ofPlatform().start(() -> {
                disk.enter();
                while (!over) {
                    try (var permit = job.acquire(Throttle.Demand.of(Throttle.Resource.DISK_READ, 1 << 18))) {
                        disk.read((int) permit.amount());
                        permit.commit(permit.amount());
                    }
                }
            }));
        }
    }

    private static void pass(double seconds) {
        TIME.sleep(Duration.ofMillis((long) (seconds * 1000)));
    }

    /**
     * What was measured, response times in milliseconds.
     *
     * @param alone of the victim, before the backup
     * @param beside while the backup yields to it
     * @param suffering while the backup yields to nobody
     * @param rate of the backup while it yields, bytes a second
     */
    private record Measured(double[] alone, double[] beside, double[] suffering, double rate) {}

    private Measured measure(SlowDisk disk, GovernedJob job) throws InterruptedException {
        long started = TIME.nanos();
        var victim = new Victim(disk);
        double[] alone;
        double[] beside;
        double rate;
        ImpactReport report;
        try (Adaptation adaptation = Adaptation.start(
                governor, List.of(PROTECTION), List.of(victim), TUNING, EventSink.none(), TIME, new SeededEntropy(1))) {
            pass(1.2);
            alone = victim.quantiles();
            backUp(disk, job);
            pass(Evidence.rounds(4, 15));
            victim.quantiles();
            long before = governor.used(Throttle.Resource.DISK_READ);
            long begun = TIME.nanos();
            pass(Evidence.rounds(4, 120));
            rate = (governor.used(Throttle.Resource.DISK_READ) - before) * 1e9 / (TIME.nanos() - begun);
            beside = victim.quantiles();
            report = adaptation.reports().getFirst();
        }
        var measured = new Measured(alone, beside, suffering(disk), rate);
        Evidence.keep("adaptation", disk.kind(), started, counts(measured, report));
        return measured;
    }

    private double[] suffering(SlowDisk disk) throws InterruptedException {
        var victim = new Victim(disk);
        Thread reader = Thread.ofPlatform().start(() -> {
            while (!over) {
                victim.read();
                pass(0.01);
            }
        });
        pass(1.5);
        over = true;
        reader.join();
        victim.close();
        return victim.quantiles();
    }

    private static SortedMap<String, Long> counts(Measured measured, ImpactReport report) {
        var counts = new TreeMap<String, Long>();
        counts.put("backupBytesASecond", (long) measured.rate);
        counts.put("victimAloneP50Micros", (long) (measured.alone[0] * 1000));
        counts.put("victimAloneP99Micros", (long) (measured.alone[1] * 1000));
        counts.put("victimBesideP50Micros", (long) (measured.beside[0] * 1000));
        counts.put("victimBesideP99Micros", (long) (measured.beside[1] * 1000));
        counts.put("victimUnprotectedP50Micros", (long) (measured.suffering[0] * 1000));
        counts.put("victimUnprotectedP99Micros", (long) (measured.suffering[1] * 1000));
        counts.put("reportedOffP99Micros", (long) (report.p99Off() * 1e6));
        counts.put("reportedOnP99Micros", (long) (report.p99On() * 1e6));
        counts.put("reportedRiseLowPercent", Math.round(report.low() * 100));
        counts.put("reportedRiseHighPercent", Math.round(report.high() * 100));
        counts.put("minutes", report.minutes());
        counts.put("minutesKept", report.minutesKept());
        return counts;
    }

    /**
     * Medians, since on a machine that does other work the tail of a small read is that of the processor's queue. The tail,
     * and how much of the disk is used, are held against it where the processors were free.
     */
    @Test
    void aVictimOnASlowDiskIsProtectedAndTheBackupGetsMostOfIt() throws IOException, InterruptedException {
        double pressed = pressure();
        long begun = TIME.nanos();
        Measured measured;
        try (SlowDisk disk = SlowDisk.in(temp);
                GovernedJob job = governor.open(WorkClass.INCREMENTAL, Limits.none())) {
            try {
                measured = measure(disk, job);
            } finally {
                over = true;
                for (Thread reader : readers) {
                    reader.join();
                }
            }
        }
        double share = (pressure() - pressed) * 1e9 / (TIME.nanos() - begun);
        assertThat(measured.suffering[0]).as("median without the loop").isGreaterThan(5 * measured.beside[0]);
        assertThat(measured.rate).isGreaterThan(0.9 * TUNING.floor());
        if (share < FREE) {
            assertThat(measured.suffering[0]).as("median without the loop").isGreaterThan(measured.beside[1]);
            assertThat(measured.rate).isGreaterThan((Evidence.isLong() ? 0.7 : SURE) * SlowDisk.BYTES_A_SECOND);
        }
    }

    /** Seconds in which somebody waited for a processor. */
    private static double pressure() throws IOException {
        Path file = Path.of("/proc/pressure/cpu");
        if (Files.notExists(file)) {
            // Where it is not told, nobody counts as free.
            return TIME.nanos() / 1e9;
        }
        String some = Files.readAllLines(file).getFirst();
        return Double.parseDouble(some.substring(some.indexOf("total=") + 6)) / 1e6;
    }
}
