package org.medbackup.governor.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.spi.signal.ProductionSignal;
import org.medbackup.core.spi.signal.Quality;
import org.medbackup.core.spi.signal.SignalProvider;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.SignalContract;

class PressureSignalTest implements SignalContract {

    @TempDir
    Path temp;

    @Override
    public SignalProvider provider() {
        return new MachineSignals();
    }

    @Override
    public URI there() {
        return URI.create("psi:cpu");
    }

    @Override
    public URI absent() {
        return URI.create("psi:io:" + temp.resolve("sekret"));
    }

    @Override
    public URI malformed() {
        return URI.create("psi:disk");
    }

    @Override
    public String secret() {
        return "sekret";
    }

    private void total(String file, long micros) throws IOException {
        Files.writeString(
                temp.resolve(file),
                "some avg10=0.11 avg60=0.36 avg300=0.76 total=" + micros
                        + "\nfull avg10=0.00 avg60=0.20 avg300=0.35 total=247664499\n");
    }

    @Test
    void theShareIsOfTheTimeBetweenTwoReadings() throws IOException {
        var time = new ManualTime();
        total("io.pressure", 883_950_211);
        try (ProductionSignal signal = provider().open(URI.create("psi:io:" + temp), time, Duration.ofSeconds(1))) {
            time.advance(Duration.ofMillis(250));
            total("io.pressure", 884_000_211);
            assertThat(signal.read().value()).isBetween(0.1999, 0.2001);
            time.advance(Duration.ofMillis(500));
            assertThat(signal.read().value()).isZero();
            total("io.pressure", 5);
            time.advance(Duration.ofMillis(500));
            assertThat(signal.read().quality()).as("counts backwards").isEqualTo(Quality.GARBAGE);
            Files.writeString(temp.resolve("io.pressure"), "some nothing\n");
            assertThat(signal.read().quality()).isEqualTo(Quality.GARBAGE);
            total("io.pressure", 10);
            assertThat(signal.read().quality()).as("begins anew").isEqualTo(Quality.STALE);
            time.advance(Duration.ofSeconds(1));
            total("io.pressure", 500_010);
            assertThat(signal.read().value()).isBetween(0.4999, 0.5001);
            assertThat(signal.id()).isEqualTo("psi:io");
        }
    }

    @Test
    void aGroupIsNamedByItsFolder() {
        assertThatThrownBy(() -> provider().open(URI.create("psi:io:group"), new ManualTime(), Duration.ofSeconds(1)))
                .hasMessageContaining("the folder of a group");
    }
}
