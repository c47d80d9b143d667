package org.medbackup.governor.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;
import org.medbackup.governor.signal.Growth.Counters;

/** With files as kernels wrote them: of 6.18 as they were, of older ones by their documentation. */
class KernelFilesTest {

    private static final String STAT = """
        cpu  8163110 633200 1071778 3638641 37380 0 47473 70538 0 0
        cpu0 4016755 326178 500283 1927065 9809 0 15624 35221 0 0
        cpu1 4146355 307021 571495 1711575 27570 0 31849 35316 0 0
        """;
    private static final String DISKS = """
           7       4 loop4 210 28 476 30 0 0 0 0 0 24 30 0 0 0 0 0 0
         254       0 vda 1895332 186175 71803730 3366372 4838586 2865077 400790680 3289562 0 1903120 7526572 3233545 407 453138736 701151 1355592 169486
         253       0 zram0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
        """;
    private static final String PRESSURE = """
        some avg10=0.11 avg60=0.36 avg300=0.76 total=883950211
        full avg10=0.00 avg60=0.20 avg300=0.35 total=247664499
        """;

    @TempDir
    Path temp;

    private Path file(String text) throws IOException {
        return Files.writeString(temp.resolve("file"), text);
    }

    private static void assertCounters(Counters counters, double amount, double per) {
        assertThat(counters.amount()).isCloseTo(amount, Offset.offset(1e-6));
        assertThat(counters.per()).isCloseTo(per, Offset.offset(1e-6));
    }

    @Test
    void pressureIsTheTotalOfSome() throws IOException {
        assertCounters(KernelFiles.pressure(file(PRESSURE), 2_500_000_000L), 883.950211, 2.5);
        // Before 5.13 the processor's had one line.
        assertCounters(KernelFiles.pressure(file("some avg10=0.00 avg60=0.00 avg300=0.00 total=7\n"), 0), 7e-6, 0);
    }

    @Test
    void awaitIsOfReadsAndWritesInAllLayouts() throws IOException {
        double seconds = 3366.372 + 3289.562;
        double requests = 1895332 + 4838586;
        assertCounters(KernelFiles.await(file(DISKS), "vda"), seconds, requests);
        // 4.18 to 5.4 had no flushes, those before no discards.
        String without = DISKS.replace(" 1355592 169486", "");
        assertCounters(KernelFiles.await(file(without), "vda"), seconds, requests);
        String first = without.replace(" 3233545 407 453138736 701151", "");
        assertCounters(KernelFiles.await(file(first), "vda"), seconds, requests);
        assertCounters(KernelFiles.await(file(DISKS), "zram0"), 0, 0);
    }

    @Test
    void stolenTimeIsOfAllProcessorsTogether() throws IOException {
        assertCounters(KernelFiles.steal(file(STAT)), 70538, 13662120);
    }

    @Test
    void theRunQueueIsOfAllProcessors() throws IOException {
        String text = """
            version 15
            timestamp 4294893296
            cpu0 0 0 52342 11234 31234 12345 9123456789 123000000 41108
            domain0 3 1 1 0 0 0 0 0 1 2 2 0 0 0 0 0 2 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
            cpu1 0 0 62342 21234 41234 22345 8123456789 77000000 41108
            """;
        assertCounters(KernelFiles.runQueue(file(text)), 0.2, 82216);
    }

    @Test
    void theRunQueueOfAProcessIsOfAllItsThreads() throws IOException {
        for (String thread : new String[] {"11", "12"}) {
            Files.createDirectories(temp.resolve("task/" + thread));
            Files.writeString(temp.resolve("task/" + thread + "/schedstat"), "3923456 2500000000 50\n");
        }
        Files.createDirectories(temp.resolve("task/13"));

        assertCounters(KernelFiles.runQueueOf(temp.resolve("task")), 5, 100);
        Files.createDirectories(temp.resolve("none"));
        assertThatThrownBy(() -> KernelFiles.runQueueOf(temp.resolve("none"))).hasMessage("no thread");
    }

    @ParameterizedTest(name = "[{index}]")
    @ValueSource(
            strings = {
                "",
                "\n\n",
                "full avg10=0.00 total=5\n",
                "some avg10=0.00 avg60=0.00\n",
                "some total=\n",
                "some total=-5\n",
                "some total=NaN\n",
                "some total=111111111111111111111111111\n",
                "cpu 1 2\n",
                "cpu a b c d e f g h\n",
                "cpu0 1 2 3\n",
                "8 0 vda 1 2\n",
                "8 0 vda 1 2 3 x 5 6 7 8\n"
            })
    void whatTellsNothingIsRefused(String text) throws IOException {
        assertRefused(file(text));
    }

    private static void assertRefused(Path file) {
        assertThatThrownBy(() -> KernelFiles.pressure(file, 0)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> KernelFiles.await(file, "vda")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> KernelFiles.runQueue(file)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> KernelFiles.steal(file)).isInstanceOf(IOException.class);
    }

    @Test
    void whatIsNotThereIsRefused() {
        assertRefused(temp.resolve("none"));
    }

    static LongStream seeds() {
        return Seeds.of(100);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void damagedFilesNeverGiveAnythingButANumberOrARefusal(long seed) throws IOException {
        SeededRandom random = SeededRandom.of(seed);
        for (String whole : new String[] {STAT, DISKS, PRESSURE}) {
            byte[] bytes = whole.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            for (int damage = random.below(4); damage >= 0; damage--) {
                bytes[random.below(bytes.length)] = (byte) random.nextInt();
            }
            Path file =
                    Files.write(temp.resolve("file"), java.util.Arrays.copyOf(bytes, random.below(bytes.length) + 1));
            for (Growth.Source source : new Growth.Source[] {
                () -> KernelFiles.pressure(file, 0),
                () -> KernelFiles.await(file, "vda"),
                () -> KernelFiles.steal(file),
                () -> KernelFiles.runQueue(file)
            }) {
                try {
                    assertThat(source.read().amount()).isGreaterThanOrEqualTo(0);
                } catch (IOException refused) {
                    assertThat(refused.getMessage()).doesNotContain("vda");
                }
            }
        }
    }
}
