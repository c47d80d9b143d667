package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.signal.ProductionSignal;
import org.medbackup.core.spi.signal.Quality;
import org.medbackup.core.spi.signal.Sample;
import org.medbackup.core.spi.signal.SignalProvider;
import org.medbackup.core.spi.signal.Unit;

/** What every kind of {@link ProductionSignal} has to keep. Implemented by the test class of each kind. */
public interface SignalContract {

    /** Under test. */
    SignalProvider provider();

    /** Of something that is there now. */
    URI there();

    /** Of something that is not there, or cannot be read. */
    URI absent();

    /** What is no address of this kind. */
    URI malformed();

    /** A word that stands in the addresses and must not reach events. */
    String secret();

    private ProductionSignal open(URI address) {
        return provider().open(address, TimeSource.system(), Duration.ofSeconds(2));
    }

    @Test
    default void contractWhatIsThereIsMeasuredInItsUnit() {
        try (ProductionSignal signal = open(there())) {
            TimeSource.system().sleep(Duration.ofMillis(30));
            long before = TimeSource.system().nanos();
            Sample sample = signal.read();

            assertThat(sample.quality()).isEqualTo(Quality.FRESH);
            assertThat(sample.value()).isBetween(0.0, signal.unit() == Unit.SHARE ? 1000.0 : Sample.MOST);
            assertThat(sample.nanos()).isBetween(before, TimeSource.system().nanos());
        }
    }

    @Test
    default void contractItMeasuresAgainAndAgain() {
        try (ProductionSignal signal = open(there())) {
            for (int i = 0; i < 5; i++) {
                TimeSource.system().sleep(Duration.ofMillis(10));
                assertThat(signal.read().quality()).isIn(Quality.FRESH, Quality.STALE);
            }
        }
    }

    @Test
    default void contractWhatIsNotThereIsSaidByEveryReading() {
        try (ProductionSignal signal = open(absent())) {
            assertThat(signal.read().quality()).isIn(Quality.GARBAGE, Quality.TIMED_OUT);
            assertThat(signal.read().quality()).isIn(Quality.GARBAGE, Quality.TIMED_OUT);
        }
    }

    @Test
    default void contractAWrongAddressIsRefusedAtOnce() {
        assertThatThrownBy(() -> open(malformed()))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_SIGNAL));
    }

    @Test
    default void contractAClosedOneMeasuresNothing() {
        ProductionSignal signal = open(there());
        signal.read();
        signal.close();
        signal.close();

        assertThat(signal.read().isFresh()).isFalse();
    }

    @Test
    default void contractItsNameTellsNobodyWhereItIs() {
        try (ProductionSignal signal = open(there())) {
            assertThat(signal.id()).matches("[a-z:-]+").doesNotContain(secret());
        }
    }

    @Test
    default void contractItsProviderServesItsAddresses() {
        assertThat(provider().schemes()).contains(there().getScheme(), absent().getScheme());
    }
}
