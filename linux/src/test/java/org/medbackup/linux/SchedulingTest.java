package org.medbackup.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class SchedulingTest {

    private static final Path AUTOGROUP = Path.of("/proc/self/autogroup");

    /** Of the calling thread, by proc_pid_stat(5). */
    private static int nice() throws IOException {
        String fields = Files.readString(Path.of("/proc/thread-self/stat"));
        return Integer.parseInt(fields.substring(fields.lastIndexOf(')') + 2).split(" ")[16]);
    }

    @Test
    void backgroundWorkAndWhatItStartsIsNiceAndNobodyElse() throws Exception {
        int before = nice();
        List<Object> seen = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(1, Scheduling.background("work-"))) {
            seen.add(threads.submit(SchedulingTest::nice).get());
            threads.submit(() -> {
                        try (ExecutorService started = Executors.newSingleThreadExecutor()) {
                            seen.add(started.submit(SchedulingTest::nice).get());
                        }
                        return null;
                    })
                    .get();
            seen.add(threads.submit(() -> Thread.currentThread().getName()).get());
            seen.add(threads.submit(() -> Thread.currentThread().isDaemon()).get());
        }

        assertThat(seen).containsExactly(Scheduling.BACKGROUND, Scheduling.BACKGROUND, "work-1", true);
        assertThat(nice()).isEqualTo(before);
    }

    @Test
    void aValueBeyondTheLastIsTheLast() throws Exception {
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            thread.submit(() -> {
                        assertThat(Scheduling.nice(Scheduling.BACKGROUND)).isTrue();
                        // Beyond the range the kernel takes the end of it.
                        assertThat(Scheduling.nice(100)).isTrue();
                        assertThat(nice()).isEqualTo(19);
                        return null;
                    })
                    .get();
        }
    }

    @Test
    void aSessionOfOthersIsLeftAlone() throws IOException {
        String before = Files.exists(AUTOGROUP) ? Files.readString(AUTOGROUP) : "";

        assertThat(Scheduling.backgroundSession()).isFalse();

        assertThat(Files.exists(AUTOGROUP) ? Files.readString(AUTOGROUP) : "").isEqualTo(before);
    }

    @Test
    void aSessionOfItsOwnBecomesBackgroundWork() throws Exception {
        assumeThat(Files.exists(AUTOGROUP)).as("autogroups of this kernel").isTrue();
        Process process = new ProcessBuilder(
                        "setsid",
                        "--wait",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        Path.of(Scheduling.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toURI())
                                + ":"
                                + Path.of(SchedulingDriver.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toURI()),
                        SchedulingDriver.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(said.strip()).matches("true /autogroup-[0-9]+ nice 10");
    }
}
