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
import org.medbackup.core.spi.signal.SignalProvider;
import org.medbackup.testkit.SignalContract;

class StealSignalTest implements SignalContract {

    @TempDir
    Path temp;

    private static final URI HOST = URI.create("steal:host");

    private boolean gone;

    @Override
    public SignalProvider provider() {
        return gone ? new MachineSignals(temp) : new MachineSignals();
    }

    @Override
    public URI there() {
        return HOST;
    }

    @Override
    public URI absent() {
        gone = true;
        return HOST;
    }

    @Override
    public URI malformed() {
        return URI.create("steal:guest");
    }

    @Override
    public String secret() {
        return "host";
    }

    @Test
    void whatOthersGotIsAShareOfAllProcessorTime() throws IOException {
        Files.writeString(temp.resolve("stat"), "cpu  100 0 50 800 0 0 0 50 30 0\n");
        try (ProductionSignal signal =
                new MachineSignals(temp).open(HOST, TimeSource.system(), Duration.ofSeconds(1))) {
            Files.writeString(temp.resolve("stat"), "cpu  130 0 60 840 0 0 0 70 30 0\n");
            assertThat(signal.read().value()).isBetween(0.1999, 0.2001);
        }
    }
}
