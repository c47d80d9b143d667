package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.Connection;

/** A real server that stays frozen when its client is gone, and its application, which keeps the contract. */
class FreezableServerTest implements ApplicationContract {

    @TempDir
    Path temp;

    private FreezableServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FreezableServer(temp);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    public Application open() {
        return new FreezableProvider().open(URI.create(server.address()), ApplicationProvider.Outside.system());
    }

    private static Deadline soon() {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(10));
    }

    @Test
    void itWritesUnlessItIsFrozenAndStaysFrozenWithoutItsClient() {
        try (Application application = open()) {
            application.freeze(soon());
        }
        assertThat(server.isFrozen()).isTrue();
        long writes = server.writes();
        TimeSource.system().sleep(Duration.ofMillis(20));
        assertThat(server.writes()).isEqualTo(writes);

        try (Application other = open()) {
            server.failThaws(1);
            assertThatThrownBy(() -> other.thaw(soon())).isInstanceOf(BackupException.class);
            other.thaw(soon());
        }
        assertThat(server.isFrozen()).isFalse();
        assertThat(server.longestFreeze()).isPositive();
        while (server.writes() == writes) {
            TimeSource.system().sleep(Duration.ofMillis(1));
        }
    }

    @Test
    void aServerThatWasStartedAgainMakesABackupWorthless() {
        try (Application application = open()) {
            application.discover(soon());
            application.freeze(soon());

            server.restart();

            assertThat(server.isFrozen()).isFalse();
            assertThatThrownBy(() -> application.verify(soon()))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            lost -> assertThat(lost.code()).isEqualTo(ErrorCode.APPLICATION_STATE_LOST));
        }
    }

    @Test
    void aServerMayRefuseAFarewell() {
        Connection polite = Connection.to(URI.create(server.address())).with("polite", "true");
        new FreezableProvider()
                .open(polite, ApplicationProvider.Outside.system())
                .close();
        server.refuseFarewells(true);
        Application application = new FreezableProvider().open(polite, ApplicationProvider.Outside.system());

        assertThatThrownBy(application::close).isInstanceOf(BackupException.class);
        assertThat(server.farewells()).isEqualTo(2);
    }

    @Test
    void aConnectionThatIsCutIsAnApplicationThatDoesNotAnswer() {
        server.dropConnections(true);
        try (Application application = open()) {
            assertThatThrownBy(() -> application.discover(soon())).isInstanceOf(BackupException.class);
        }
        var provider = new FreezableProvider();
        assertThat(provider.kinds()).containsExactly("freezable");
        assertThatThrownBy(() -> provider.recovery(ApplicationProvider.Outside.system()))
                .isInstanceOf(BackupException.class);
    }
}
