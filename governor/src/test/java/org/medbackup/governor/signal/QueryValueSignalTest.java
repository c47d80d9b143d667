package org.medbackup.governor.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.signal.ProductionSignal;
import org.medbackup.core.spi.signal.Quality;
import org.medbackup.core.spi.signal.Sample;
import org.medbackup.core.spi.signal.SignalProvider;
import org.medbackup.testkit.SignalContract;

class QueryValueSignalTest implements SignalContract {

    @TempDir
    Path temp;

    @Override
    public SignalProvider provider() {
        return new DatabaseSignals();
    }

    private URI query(String query) {
        return URI.create("jdbc-value:sqlite:" + temp.resolve("sekret.db") + "#" + query.replace(" ", "%20"));
    }

    @Override
    public URI there() {
        return query("select 0.25");
    }

    @Override
    public URI absent() {
        return query("select lag from nothing");
    }

    @Override
    public URI malformed() {
        return URI.create("jdbc-value:sqlite:" + temp.resolve("sekret.db"));
    }

    @Override
    public String secret() {
        return "sekret";
    }

    private Sample sample(String query) {
        try (ProductionSignal signal = provider().open(query(query), TimeSource.system(), Duration.ofSeconds(5))) {
            return signal.read();
        }
    }

    @Test
    void theValueIsThatOfTheFirstRow() {
        assertThat(sample("select 0.25 union all select 9").value()).isEqualTo(0.25);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"select null", "select -1", "select 1e7", "select 1 where 1 = 2"})
    void whatIsNoLagIsGarbage(String query) {
        assertThat(sample(query).quality()).isEqualTo(Quality.GARBAGE);
    }

    @Test
    void theDriversAddressIsWanted() {
        assertThatThrownBy(() ->
                        provider().open(URI.create("jdbc-value:sekret"), TimeSource.system(), Duration.ofSeconds(1)))
                .hasMessageContaining("the address of a driver")
                .hasMessageNotContaining("sekret");
    }
}
