package org.medbackup.governor.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.signal.ProductionSignal;

class SignalsTest {

    private static ProductionSignal open(String address) {
        return Signals.open(URI.create(address), TimeSource.system(), Duration.ofSeconds(1));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "psi:memory, psi:memory",
        "disk-read:/any, disk-read",
        "disk-await:sda, disk-await",
        "steal:host, steal",
        "run-queue:host, run-queue",
        "tcp://127.0.0.1:1, tcp",
        "http://127.0.0.1:1/, http",
        "jdbc:postgresql://127.0.0.1/, jdbc"
    })
    void anAddressIsOpenedByWhoServesItsKind(String address, String id) {
        try (ProductionSignal signal = open(address)) {
            assertThat(signal.id()).isEqualTo(id);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"ftp://sekret/", "sekret"})
    void whatNobodyServesIsRefusedWithoutRepeatingIt(String address) {
        assertThatThrownBy(() -> open(address))
                .hasMessageNotContaining("sekret")
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_SIGNAL));
    }

    @Test
    void aPathMayStandBehindThreeSlashes() {
        assertThat(Addresses.path(URI.create("disk-read:///data/a%20b"))).isEqualTo("/data/a b");
        assertThat(Addresses.path(URI.create("disk-read:/data/a%20b"))).isEqualTo("/data/a b");
    }
}
