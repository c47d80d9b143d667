package org.medbackup.app.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.Secret;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.RecoveryTarget;

/** Addresses, options and versions. */
class MariadbAddressTest {

    @Test
    void whatIsMissingIsFilledWithTheServersDefaults() {
        MariadbAddress plain = MariadbAddress.parse(URI.create("mariadb://127.0.0.1/"));
        assertThat(plain.user()).isEqualTo("root");
        assertThat(plain.port()).isEqualTo(3306);
        assertThat(plain.shown()).isEqualTo("mariadb://127.0.0.1:3306");
        MariadbAddress whole = MariadbAddress.parse(URI.create("mariadb://back%20up:p%40+ss@[::1]:3307"));
        assertThat(whole.user()).isEqualTo("back up");
        assertThat(whole.host()).isEqualTo("[::1]");
        assertThat(String.valueOf(whole)).doesNotContain("p@+ss");
        assertThat(text(whole.password())).isEqualTo("p@+ss");
    }

    private static String text(@org.jspecify.annotations.Nullable Secret secret) {
        return secret == null ? "" : secret.use(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://127.0.0.1/",
                "mariadb:///",
                "mariadb://127.0.0.1/clinic",
                "mariadb://127.0.0.1/?x=y",
                "mariadb://127.0.0.1:0/",
                "mariadb://127.0.0.1:70000/"
            })
    void whatCannotBeAnAddressIsRefused(String address) {
        assertThatThrownBy(() -> MariadbAddress.parse(URI.create(address))).isInstanceOf(UsageException.class);
    }

    @Test
    void passwordsComeFromTheConfigurationThenTheAddressThenTheEnvironment() {
        URI address = URI.create("mariadb://u:inline@127.0.0.1/");
        MariadbAddress with = MariadbAddress.parse(address);
        MariadbAddress without = MariadbAddress.parse(URI.create("mariadb://u@127.0.0.1/"));
        var configured = new Connection(address, new TreeMap<>(), Map.of("password", Secret.ofText("configured")));
        Map<String, String> environment = Map.of("MYSQL_PWD", "environment");

        assertThat(text(Passwords.of(configured, with, environment))).isEqualTo("configured");
        assertThat(text(Passwords.of(Connection.to(address), with, environment)))
                .isEqualTo("inline");
        assertThat(text(Passwords.of(Connection.to(address), without, environment)))
                .isEqualTo("environment");
        assertThat(Passwords.of(Connection.to(address), without, Map.of())).isNull();
    }

    @Test
    void modesAreTwoAndTheBestIsChosen() {
        Connection plain = Connection.to(URI.create("mariadb://127.0.0.1/"));
        assertThat(Mode.Wish.of(plain).resolved()).isEqualTo(Mode.STREAM);
        assertThat(Mode.Wish.of(plain.with("mode", "stage")).resolved()).isEqualTo(Mode.STAGE);
        assertThatThrownBy(() -> Mode.Wish.of(plain.with("mode", "quick"))).isInstanceOf(UsageException.class);
        assertThat(new MariadbProvider().kinds()).containsExactly("mariadb");
        assertThat(new MariadbProvider().options()).hasSize(3);
    }

    @Test
    void versionsAreUnderstood() {
        assertThat(server("10.11.19-MariaDB-log").hasStages()).isTrue();
        assertThat(server("11.4.5-MariaDB").hasStages()).isTrue();
        assertThat(server("10.4.30-MariaDB").hasStages()).isFalse();
        assertThat(server("8.0.36").hasStages()).isFalse();
        assertThat(server("10.11.19-MariaDB-log").version()).isEqualTo("10.11.19");
        assertThat(server("odd").series()).isEqualTo("unknown");
        assertThat(server("10.5.1-MariaDB").identity()).isEqualTo("host:3306");
    }

    private static Server server(String version) {
        return new Server(Map.of("version", version, "hostname", "host", "port", "3306"), Instant.EPOCH);
    }

    @Test
    void aRestorePointThatIsNoneOfMariadbIsDamage() {
        var recovery = new MariadbProvider().recovery(TestServer.OUTSIDE);
        Path nowhere = Path.of("/nonexistent");
        assertThatThrownBy(() -> recovery.start(new RestoredFiles(nowhere, Map.of(), nowhere), TestServer.soon()))
                .isInstanceOf(DamageException.class);
        assertThatThrownBy(() -> recovery.start(
                        new RestoredFiles(nowhere, Map.of("data_directory", "/data"), nowhere), TestServer.soon()))
                .isInstanceOf(DamageException.class);
        var newest = new RestoredFiles(nowhere, Map.of(), nowhere, new RecoveryTarget.Newest(), null, Map.of());
        assertThatThrownBy(() -> recovery.start(newest, TestServer.soon())).isInstanceOf(DamageException.class);
        var named = new RecoveryTarget.AtName("lunch");
        assertThatThrownBy(() -> recovery.start(
                        new RestoredFiles(nowhere, Map.of(), nowhere, named, null, Map.of()), TestServer.soon()))
                .isInstanceOf(UsageException.class);
    }

    @Test
    void theGuestsPasswordIsNotShown() {
        var guest = new Guest("medbackup_check_1", "0123456789abcdef");
        assertThat(guest.toString()).doesNotContain("0123456789abcdef");
        assertThat(guest.admission()).doesNotContain("0123456789abcdef").contains("IDENTIFIED BY PASSWORD '*");
    }
}
