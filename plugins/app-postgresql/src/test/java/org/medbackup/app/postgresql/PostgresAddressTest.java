package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;

class PostgresAddressTest {

    @ParameterizedTest
    @CsvSource({
        "postgresql://alice@db.example:5433/clinic, alice, db.example, 5433, clinic",
        "postgresql://127.0.0.1, postgres, 127.0.0.1, 5432, postgres",
        "postgresql://127.0.0.1/, postgres, 127.0.0.1, 5432, postgres",
        "postgresql://host_with_underscore:, postgres, host_with_underscore, 5432, postgres",
        "postgresql://[::1]:5433/a%20b, postgres, [::1], 5433, a b",
        "postgresql://[::1], postgres, [::1], 5432, postgres",
        "postgresql://a%40b+c@localhost, a@b+c, localhost, 5432, postgres",
        "postgresql://@localhost, postgres, localhost, 5432, postgres",
    })
    void fillsInWhatIsMissing(String text, String user, String host, int port, String database) {
        PostgresAddress address = PostgresAddress.parse(URI.create(text));

        assertThat(address.user()).isEqualTo(user);
        assertThat(address.host()).isEqualTo(host);
        assertThat(address.port()).isEqualTo(port);
        assertThat(address.database()).isEqualTo(database);
        assertThat(address.password()).isNull();
        assertThat(address.shown()).isEqualTo("postgresql://" + host + ":" + port);
    }

    @Test
    void aPasswordIsTakenAndNeverShown() {
        PostgresAddress address = PostgresAddress.parse(URI.create("postgresql://alice:c%3Anary@localhost/x"));

        String password =
                Objects.requireNonNull(address.password()).use(bytes -> new String(bytes, StandardCharsets.UTF_8));
        assertThat(password).isEqualTo("c:nary");
        assertThat(address.toString() + address.shown() + address.jdbc()).doesNotContain("nary");
        assertThat(new PostgresProvider()
                        .open(URI.create("postgresql://alice:canary@localhost/x"), TestCluster.OUTSIDE))
                .satisfies(open -> assertThat(open.address()).isEqualTo("postgresql://localhost:5432"));
    }

    @Test
    void someOptionsAreKnown() {
        PostgresAddress address = PostgresAddress.parse(
                URI.create("postgresql://localhost/db?sslmode=verify-full&sslrootcert=/etc/ssl/ca%20x.pem"));

        assertThat(address.options()).isEqualTo(Map.of("sslmode", "verify-full", "sslrootcert", "/etc/ssl/ca x.pem"));
        assertThat(PostgresAddress.parse(URI.create("postgresql://localhost/db?"))
                        .options())
                .isEmpty();
        assertThat(address.jdbc()).isEqualTo("jdbc:postgresql://localhost:5432/db");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://localhost",
                "localhost",
                "postgresql:localhost",
                "postgresql:///database",
                "postgresql://user@/database",
                "postgresql://localhost:99999",
                "postgresql://localhost:0",
                "postgresql://localhost:port",
                "postgresql://one:1,two:2/db",
                "postgresql://%2Fvar%2Frun/db",
                "postgresql://localhost/a/b",
                "postgresql://localhost/db?password=canary",
                "postgresql://localhost/db?sslmode"
            })
    void whatCannotBeOneIsRefusedWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> PostgresAddress.parse(URI.create(text)))
                .isInstanceOfSatisfying(UsageException.class, malformed -> {
                    assertThat(malformed.code()).isEqualTo(ErrorCode.APPLICATION_URL_MALFORMED);
                    assertThat(malformed.remedy()).contains("postgresql://user@host:port/database");
                    assertThat(malformed.describe()).doesNotContain("canary");
                });
    }

    @Test
    void theProviderServesThisKindOnly() {
        assertThat(new PostgresProvider().kinds()).containsExactly("postgresql");
        assertThat(PostgresProvider.class.getModule().getDescriptor().provides())
                .anySatisfy(provided -> assertThat(provided.providers()).contains(PostgresProvider.class.getName()));
        assertThat(PostgresProvider.class.getModule().getDescriptor().exports()).isEmpty();
    }
}
