package org.medbackup.core.spi.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.process.Processes;

class ConnectionTest {

    private static final URI ADDRESS = URI.create("postgresql://backup@127.0.0.1:5432/");

    @Test
    void anOptionHoldsAndOneThatIsNotGivenHasItsDefault() {
        Connection connection = Connection.to(ADDRESS).with("dataDirectory", "/srv/db");

        assertThat(connection.option("dataDirectory", "/var/lib")).isEqualTo("/srv/db");
        assertThat(connection.option("snapshots", "none")).isEqualTo("none");
        assertThat(Connection.to(ADDRESS).options()).isEmpty();
    }

    @Test
    void neitherSecretsNorPathsShowWhereAConnectionIsPrinted() {
        try (Secret password = Secret.ofText("canary-1")) {
            var connection = new Connection(
                    ADDRESS, new TreeMap<>(Map.of("dataDirectory", "/srv/canary-2")), Map.of("password", password));

            assertThat(connection.secret("password")).isSameAs(password);
            assertThat(connection.secret("token")).isNull();
            assertThat(connection.toString())
                    .contains("dataDirectory", "password")
                    .doesNotContain("canary");
        }
    }

    @Test
    void anOptionSaysWhetherItMustBeGivenAndWhetherItIsASecret() {
        assertThat(ConnectionOption.optional("a", "A.")).isEqualTo(new ConnectionOption("a", false, false, "A."));
        assertThat(ConnectionOption.required("b", "B.")).isEqualTo(new ConnectionOption("b", false, true, "B."));
        assertThat(ConnectionOption.secret("c", "C.")).isEqualTo(new ConnectionOption("c", true, false, "C."));
    }

    @Test
    void aMachineWithoutAnythingElseHasNoSnapshots() {
        var outside = new ApplicationProvider.Outside(TimeSource.system(), Processes.system());

        assertThat(outside.snapshots().probe(java.util.List.of()).isPossible()).isFalse();
    }

    @Test
    void aKindThatSaysNothingTakesNoOptionsAndHasNoLog() {
        ApplicationProvider plain = new ApplicationProvider() {
            @Override
            public java.util.Set<String> kinds() {
                return java.util.Set.of("plain");
            }

            @Override
            public Application open(Connection connection, Outside outside) {
                throw new UnsupportedOperationException();
            }

            @Override
            public ApplicationRecovery recovery(Outside outside) {
                throw new UnsupportedOperationException();
            }
        };

        assertThat(plain.options()).isEmpty();
        assertThat(plain.log(Connection.to(ADDRESS), ApplicationProvider.Outside.system()))
                .isNull();
    }
}
