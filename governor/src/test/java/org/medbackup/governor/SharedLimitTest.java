package org.medbackup.governor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.spi.throttle.Throttle.Demand;
import org.medbackup.core.spi.throttle.Throttle.Resource;
import org.medbackup.testkit.Evidence;

/** Processes of this machine that share one limit; what each used stands in a file of its own. */
@Timeout(180)
class SharedLimitTest {

    private static final long SECOND = 1_000_000_000;
    private static final long LIMIT = 50_000_000;

    @TempDir
    Path temp;

    private final List<Process> processes = new ArrayList<>();

    private record Use(int process, long at, long amount) {}

    private void start(int threads) throws IOException {
        int number = processes.size();
        processes.add(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path") + ":" + System.getProperty("jdk.module.path", ""),
                        SharingProcess.class.getName(),
                        temp.resolve("run").toString(),
                        "network.egress=50MB/s",
                        Integer.toString(threads),
                        temp.resolve("record" + number).toString())
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("said" + number).toFile())
                .start());
    }

    @AfterEach
    void end() throws Exception {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    private List<Use> uses() throws IOException {
        List<Use> uses = new ArrayList<>();
        for (int number = 0; number < processes.size(); number++) {
            Path file = temp.resolve("record" + number);
            if (Files.exists(file)) {
                ByteBuffer record = ByteBuffer.wrap(Files.readAllBytes(file));
                while (record.remaining() >= SharingProcess.RECORD) {
                    uses.add(new Use(number, record.getLong(), record.getLong()));
                }
            }
        }
        uses.sort(Comparator.comparingLong(Use::at));
        return uses;
    }

    private static long fullest(List<Use> uses) {
        long most = 0;
        long sum = 0;
        int first = 0;
        for (Use last : uses) {
            sum += last.amount;
            while (last.at - uses.get(first).at >= SECOND) {
                sum -= uses.get(first++).amount;
            }
            most = Math.max(most, sum);
        }
        return most;
    }

    private static long used(List<Use> uses, int process, long from, long to) {
        return uses.stream()
                .filter(use -> use.process == process && use.at >= from && use.at < to)
                .mapToLong(Use::amount)
                .sum();
    }

    @Test
    void threeProcessesShareALimitAndTwoTakeOverFromTheOneThatIsKilled() throws Exception {
        long begun = System.nanoTime();
        long together = Evidence.rounds(2, 30) * SECOND;
        for (int threads : new int[] {1, 2, 4}) {
            start(threads);
        }
        while (uses().stream().map(Use::process).distinct().count() < 3) {
            assertThat(processes).allMatch(Process::isAlive);
            Thread.sleep(50);
        }
        long from = System.nanoTime() + SECOND / 5;
        Thread.sleep((together + SECOND / 5) / 1_000_000);
        long killed = System.nanoTime();
        processes.getFirst().destroyForcibly().waitFor();
        Thread.sleep(1600);
        long to = System.nanoTime();
        for (Process process : processes.subList(1, 3)) {
            process.getOutputStream().close();
            assertThat(process.waitFor()).isZero();
        }

        List<Use> uses = uses();
        long most = fullest(uses);
        assertThat(most).isLessThanOrEqualTo(LIMIT);
        double[] parts = new double[3];
        for (int number = 0; number < 3; number++) {
            parts[number] = used(uses, number, from, killed);
        }
        double all = parts[0] + parts[1] + parts[2];
        for (double part : parts) {
            assertThat(part / all).isCloseTo(1 / 3.0, within(0.15 / 3));
        }
        double before = all / (killed - from);
        double after = (double) (used(uses, 1, killed, to) + used(uses, 2, killed, to)) / (to - killed);
        // Two do what three did, where two thirds would be left if they did not; how much that is says how busy the
        // machine is with other things.
        assertThat(after).isGreaterThan(0.75 * before);
        assertThat(before).isGreaterThan(0.5 * LIMIT / SECOND);
        var counts = new TreeMap<String, Long>();
        counts.put("limit", LIMIT);
        counts.put("highestSecond", most);
        counts.put("bytesASecondOfThree", (long) (before * SECOND));
        counts.put("bytesASecondOfTwo", (long) (after * SECOND));
        for (int number = 0; number < 3; number++) {
            counts.put("bytesOfProcess" + number, (long) parts[number]);
        }
        Evidence.keep("governor", "shared-limit", begun, counts);
    }

    @Test
    void twoGovernorsOnOneFolderShareTheHostsLimitAndKeepThoseOfJobs() {
        Governor one = Governor.of(Limits.parse(List.of("disk.read=1MB/s", "disk.read./dev/sda=10MB/s")));
        Governor other = Governor.of(Limits.parse(List.of("disk.read=1MB/s")));
        try (GovernedJob job = one.open(WorkClass.FULL, Limits.parse(List.of("disk.write=1MB/s")));
                Governor.Sharing _ = one.share(temp.resolve("run"))) {
            try (Governor.Sharing _ = other.share(temp.resolve("run"))) {
                try (Governor.Sharing _ = other.share(temp.resolve("run"))) {
                    job.acquire(Demand.of(Resource.DISK_READ, 4096)).commit(4096);
                    job.acquire(Demand.of(Resource.DISK_WRITE, 4096)).commit(4096);
                }
                assertThat(usage(other, "disk.read")).isEqualTo(4096);
                assertThat(usage(other, "disk.write")).isZero();
                assertThat(temp.resolve("run").toFile().list()).hasSize(1);
            }
            job.acquire(Demand.of(Resource.DISK_READ, 4096)).commit(4096);
            assertThat(usage(other, "disk.read")).isEqualTo(4096);
            assertThat(usage(one, "disk.read")).isEqualTo(8192);
        }
    }

    private static long usage(Governor governor, String name) {
        return governor.usage().stream()
                .filter(usage -> usage.name().equals(name))
                .findFirst()
                .orElseThrow()
                .usage();
    }

    @Test
    void aFolderThatCannotBeUsedIsReportedWhenTheFirstLimitIsSet() throws IOException {
        Governor governor = Governor.of(Limits.none());
        try (Governor.Sharing _ = governor.share(Files.createFile(temp.resolve("file")))) {
            assertThatThrownBy(() -> governor.set(Limits.parse(List.of("disk.read=1MB/s"))))
                    .isInstanceOf(BackupException.class);
        }
    }
}
