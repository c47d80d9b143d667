package org.medbackup.governor.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.signal.ProductionSignal;
import org.medbackup.core.spi.signal.Quality;
import org.medbackup.core.spi.signal.SignalProvider;
import org.medbackup.testkit.SignalContract;

class RunQueueSignalTest implements SignalContract {

    @TempDir
    Path temp;

    @Override
    public SignalProvider provider() {
        return new MachineSignals();
    }

    @Override
    public URI there() {
        return URI.create("run-queue:" + ProcessHandle.current().pid());
    }

    @Override
    public URI absent() {
        return URI.create("run-queue:999999999");
    }

    @Override
    public URI malformed() {
        return URI.create("run-queue:somebody");
    }

    @Override
    public String secret() {
        return "host";
    }

    /** Not every kernel is built with it; where it is not, that is said. */
    @Test
    void theWholeHostIsMeasuredWhereTheKernelTellsIt() {
        try (ProductionSignal host =
                provider().open(URI.create("run-queue:host"), TimeSource.system(), Duration.ofSeconds(1))) {
            TimeSource.system().sleep(Duration.ofMillis(20));
            boolean told = Files.exists(Path.of("/proc/schedstat"));
            assertThat(host.read().quality()).isEqualTo(told ? Quality.FRESH : Quality.GARBAGE);
        }
    }

    @Test
    void theHostsDelayIsThatOfAllItsProcessors() throws IOException {
        Path file = temp.resolve("schedstat");
        Files.writeString(
                file, "version 17\ntimestamp 1\ncpu0 0 0 9 8 7 6 99 1000000000 10\ncpu1 0 0 9 8 7 6 99 0 10\n");
        try (ProductionSignal host = new MachineSignals(temp)
                .open(URI.create("run-queue:host"), TimeSource.system(), Duration.ofSeconds(1))) {
            Files.writeString(
                    file,
                    "version 17\ntimestamp 2\ncpu0 0 0 9 8 7 6 99 1500000000 20\ncpu1 0 0 9 8 7 6 99 500000000 20\n");
            assertThat(host.read().value()).isBetween(0.0499, 0.0501);
        }
    }
}
