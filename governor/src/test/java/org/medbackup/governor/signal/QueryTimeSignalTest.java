package org.medbackup.governor.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.signal.ProductionSignal;
import org.medbackup.core.spi.signal.Quality;
import org.medbackup.core.spi.signal.Sample;
import org.medbackup.core.spi.signal.SignalProvider;
import org.medbackup.core.spi.signal.Unit;
import org.medbackup.testkit.SignalContract;

class QueryTimeSignalTest implements SignalContract {

    @TempDir
    Path temp;

    @Override
    public SignalProvider provider() {
        return new DatabaseSignals();
    }

    private URI address(String kind, String query) {
        return URI.create(kind + ":sqlite:" + temp.resolve("sekret.db") + query);
    }

    @Override
    public URI there() {
        return address("jdbc", "");
    }

    @Override
    public URI absent() {
        return URI.create("jdbc:sqlite:" + temp.resolve("none/none.db"));
    }

    @Override
    public URI malformed() {
        return URI.create("jdbc:sekret");
    }

    @Override
    public String secret() {
        return "sekret";
    }

    private Sample sample(URI address) {
        try (ProductionSignal signal = provider().open(address, TimeSource.system(), Duration.ofSeconds(5))) {
            assertThat(signal.unit()).isEqualTo(Unit.SECONDS);
            return signal.read();
        }
    }

    @Test
    void theQueryOfTheAddressIsAskedAndReadToItsEnd() throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + temp.resolve("sekret.db"));
                var statement = connection.createStatement()) {
            statement.execute("create table patients (id integer)");
            statement.execute("insert into patients values (1), (2)");
        }

        assertThat(sample(address("jdbc", "#select%20id%20from%20patients")).isFresh())
                .isTrue();
        assertThat(sample(address("jdbc", "#select%20id%20from%20nothing")).quality())
                .isEqualTo(Quality.GARBAGE);
    }

    @Test
    void aServerThatDoesNotAnswerTimesOut() throws SQLException {
        var driver = new SlowDriver();
        DriverManager.registerDriver(driver);
        try {
            assertThat(sample(URI.create("jdbc:slow:any")).quality()).isEqualTo(Quality.TIMED_OUT);
        } finally {
            DriverManager.deregisterDriver(driver);
        }
    }
}
