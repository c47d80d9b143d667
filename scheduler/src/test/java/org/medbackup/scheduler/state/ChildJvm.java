package org.medbackup.scheduler.state;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.medbackup.core.TimeSource;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;

/** A program of the tests in a process of its own, to be killed or suspended; killed when it is closed. */
public final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final List<String> lines = new ArrayList<>();

    private ChildJvm(Process process) {
        this.process = process;
    }

    /** Starts one. */
    public static ChildJvm start(Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                path(program),
                program.getName()));
        command.addAll(List.of(arguments));
        try {
            var child = new ChildJvm(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
            Thread.ofPlatform().daemon().start(child::read);
            return child;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String path(Class<?> program) {
        try {
            Path tests = Path.of(
                    program.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path classes = tests.resolveSibling("classes");
            return String.join(
                    File.pathSeparator,
                    tests.resolveSibling("test-classes").toString(),
                    classes.toString(),
                    System.getProperty("jdk.module.path", ""),
                    System.getProperty("java.class.path"));
        } catch (java.net.URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void read() {
        try (var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                    lines.notifyAll();
                }
            }
        } catch (IOException gone) {
            return;
        }
    }

    /** What it has said so far. */
    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** Waits for a line that begins with something. */
    public String await(String beginning) {
        long begun = TimeSource.system().nanos();
        while (TimeSource.system().since(begun).compareTo(Duration.ofSeconds(60)) < 0) {
            for (String line : lines()) {
                if (line.startsWith(beginning)) {
                    return line;
                }
            }
            if (!process.isAlive()) {
                break;
            }
            TimeSource.system().sleep(Duration.ofMillis(5));
        }
        throw new AssertionError("it did not say " + beginning + " but " + lines());
    }

    /** Sends a signal, such as {@code KILL}, {@code STOP} or {@code CONT}. */
    public void signal(String name) {
        Processes.system()
                .run(Command.of("kill", "-" + name, Long.toString(process.pid()))
                        .within(Duration.ofSeconds(10)));
    }

    /** Waits for its end. */
    public void awaitEnd() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("it did not end: " + lines());
        }
        // What it said last may still be on its way.
        TimeSource.system().sleep(Duration.ofMillis(50));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
