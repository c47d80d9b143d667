package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.documents.JsonValue;

/** The daemon on a host whose wall clock is set ten days ahead, and back; libfaketime stands between it and the kernel. */
class ClockSetTest {

    private static final TimeSource TIME = TimeSource.system();

    @TempDir
    Path temp;

    private static Optional<Path> library() throws IOException {
        for (String place : new String[] {"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64"}) {
            Path library = Path.of(place, "faketime", "libfaketimeMT.so.1");
            if (Files.exists(library)) {
                return Optional.of(library);
            }
        }
        return Optional.empty();
    }

    private static long successes(Program.Running daemon) {
        try (Stream<String> lines = Files.lines(daemon.err())) {
            return lines.filter(line -> line.contains("\"state\":\"SUCCEEDED\""))
                    .count();
        } catch (IOException notYet) {
            return 0;
        }
    }

    private static void awaitSuccesses(Program.Running daemon, long number) {
        Deadline deadline = Deadline.after(TIME, Duration.ofSeconds(60));
        while (successes(daemon) < number) {
            assertThat(daemon.process().isAlive()).isTrue();
            assertThat(deadline.hasPassed()).as("run %d", number).isFalse();
            TIME.sleep(Duration.ofMillis(50));
        }
    }

    @Test
    void aClockThatIsSetAheadAndBackKeepsNoJobFromRunning() throws IOException {
        Optional<Path> library = library();
        assumeTrue(library.isPresent(), "libfaketime is not installed");
        Path folder = Files.createDirectory(temp.resolve("work"));
        Papers.write(folder.resolve("source/papers"), 1, 1);
        Path config = Files.writeString(folder.resolve("medbackup.yaml"), """
                repository: %1$s/repository
                jobs:
                  papers: {paths: ["%1$s/source"], rpo: 4 h}
                """.formatted(folder));
        Program program = Program.ofOwner(folder, folder.resolve("repository"), config);
        Path clock = Files.writeString(folder.resolve("clock"), "+0");
        program.with("LD_PRELOAD", library.get().toString())
                .with("FAKETIME_TIMESTAMP_FILE", clock.toString())
                .with("FAKETIME_CACHE_DURATION", "1")
                .with("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                // What it does for C libraries of 2.24 to 2.30 lets every wait with an end return at once with others.
                .with("FAKETIME_FORCE_MONOTONIC_FIX", "0")
                .with("NO_FAKE_STAT", "1");
        Program.Running daemon = program.start("serve");
        try {
            awaitSuccesses(daemon, 1);
            Files.writeString(clock, "+10d");
            awaitSuccesses(daemon, 2);
            assertThat(Files.readString(daemon.err())).doesNotContain("CLOCK_WAS_AHEAD");

            Files.writeString(clock, "+0");
            awaitSuccesses(daemon, 3);

            assertThat(Files.readString(daemon.err())).contains("CLOCK_WAS_AHEAD");
            var job = (JsonValue.Members) program.run("job", "status", "papers", "--json")
                    .with(0)
                    .json()
                    .items("jobs")
                    .getFirst();
            assertThat(((JsonValue.Members) job.find("rpo").orElseThrow()).find("met"))
                    .contains(new JsonValue.Truth(true));
            // And not again and again.
            TIME.sleep(Duration.ofSeconds(3));
            assertThat(successes(daemon)).isEqualTo(3);
        } finally {
            daemon.signal("TERM");
            daemon.end();
        }
    }
}
