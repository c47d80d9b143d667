package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.medbackup.core.TimeSource;

/**
 * A {@link FreezingProcess} that runs. Closing kills it and its watchdog.
 *
 * @param process itself
 * @param out what it says
 * @param watchdog process id of its watchdog
 */
record FreezingBackup(Process process, BufferedReader out, long watchdog) implements AutoCloseable {

    /** What the product waits for. */
    static final Duration USUAL = Duration.ofSeconds(10);

    /**
     * Starts it; it waits for {@link #go}.
     *
     * @param state its state folder
     * @param mark how long its mark takes
     * @param ttl after which the watchdog thaws unless it hears of the process
     */
    static FreezingBackup start(Path state, String address, Duration mark, Duration ttl) throws IOException {
        String modules = System.getProperty("jdk.module.path", "");
        Path errors = state.resolveSibling(state.getFileName() + ".errors");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path") + (modules.isEmpty() ? "" : ":" + modules),
                        FreezingProcess.class.getName(),
                        state.toString(),
                        address,
                        Long.toString(mark.toMillis()),
                        Long.toString(ttl.toMillis()))
                .redirectError(errors.toFile())
                .start();
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String said = out.readLine();
        assertThat(said).as(Files.readString(errors)).isNotNull().startsWith("watchdog ");
        return new FreezingBackup(process, out, Long.parseLong(said.substring("watchdog ".length())));
    }

    FreezingBackup go() throws IOException {
        process.getOutputStream().write('.');
        process.getOutputStream().flush();
        return this;
    }

    /** What it says next. */
    String said() throws IOException {
        return String.valueOf(out.readLine());
    }

    String ending() throws Exception {
        String said = out.readLine();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    void signal(String name) throws Exception {
        signal(name, process.pid());
    }

    static void signal(String name, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** How many freezes the journal of a state folder holds. */
    static long entries(Path state) {
        try (Stream<Path> files = Files.list(state.resolve("freeze"))) {
            return files.count();
        } catch (IOException absent) {
            return 0;
        }
    }

    static void until(BooleanSupplier reached) {
        while (!reached.getAsBoolean()) {
            TimeSource.system().sleep(Duration.ofMillis(2));
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            out.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
