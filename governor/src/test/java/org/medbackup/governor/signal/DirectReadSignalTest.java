package org.medbackup.governor.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
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

class DirectReadSignalTest implements SignalContract {

    @TempDir
    Path temp;

    private Path file() {
        Path file = temp.resolve("sekret volume");
        try {
            return Files.exists(file) ? file : Files.write(file, new byte[40_000]);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static URI address(Path path) {
        return URI.create("disk-read:" + path.toUri().getRawPath());
    }

    @Override
    public SignalProvider provider() {
        return new MachineSignals();
    }

    @Override
    public URI there() {
        return address(file());
    }

    @Override
    public URI absent() {
        return address(temp.resolve("none"));
    }

    @Override
    public URI malformed() {
        return URI.create("disk-read:relative/path");
    }

    @Override
    public String secret() {
        return "sekret";
    }

    private ProductionSignal open(URI address) {
        return provider().open(address, TimeSource.system(), Duration.ofSeconds(2));
    }

    @Test
    void whatIsNoFileOfABlockIsGarbage() throws IOException {
        Path small = Files.write(temp.resolve("small"), new byte[100]);
        for (Path path : new Path[] {small, temp, Path.of("/dev/null")}) {
            try (ProductionSignal signal = open(address(path))) {
                assertThat(signal.read().quality()).isEqualTo(Quality.GARBAGE);
            }
        }
    }

    @Test
    void aFileThatBecameShorterIsMeasuredAgainOnceItIsAsLong() throws IOException {
        Path file = file();
        try (ProductionSignal signal = open(address(file))) {
            assertThat(signal.read().isFresh()).isTrue();
            Files.write(file, new byte[0]);
            assertThat(signal.read().quality()).isEqualTo(Quality.GARBAGE);
            Files.write(file, new byte[40_000]);
            assertThat(signal.read().isFresh()).isTrue();
        }
    }
}
