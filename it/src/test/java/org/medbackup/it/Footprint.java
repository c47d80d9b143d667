package org.medbackup.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.medbackup.core.TimeSource;

/**
 * What a call held in memory.
 *
 * @param most bytes of anonymous and shared memory that were seen while it ran
 * @param ended how it ended
 */
record Footprint(long most, Program.Ended ended) {

    /** Watches a call to its end. */
    static Footprint of(Program.Running running) {
        Path status = Path.of("/proc/" + running.process().pid() + "/status");
        long most = 0;
        while (running.process().isAlive()) {
            most = Math.max(most, held(status));
            TimeSource.system().sleep(Duration.ofMillis(20));
        }
        return new Footprint(most, running.end().with(0));
    }

    private static long held(Path status) {
        try {
            List<String> lines = Files.readAllLines(status);
            return lines.stream()
                    .filter(line -> line.startsWith("RssAnon:") || line.startsWith("RssShmem:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .sum();
        } catch (IOException ended) {
            return 0;
        }
    }
}
