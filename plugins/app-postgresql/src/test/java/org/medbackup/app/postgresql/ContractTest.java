package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.spi.app.Application;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.testkit.ApplicationContract;

/** The suite of every adapter, on servers of every version at hand. */
@Timeout(120)
@ParameterizedClass
@MethodSource("installations")
class ContractTest implements ApplicationContract {

    private static @Nullable TestCluster running;

    private final TestCluster cluster = Objects.requireNonNull(running);

    ContractTest(PostgresInstallation installation) {
        assertThat(cluster.installation()).isEqualTo(installation);
    }

    static List<Named<PostgresInstallation>> installations() {
        return TestServers.named();
    }

    @BeforeParameterizedClassInvocation
    static void open(PostgresInstallation installation) {
        var cluster = new TestCluster(installation, Map.of());
        running = cluster;
        Bank.open(cluster);
    }

    @AfterParameterizedClassInvocation
    static void close() {
        Objects.requireNonNull(running).close();
    }

    @Override
    public Application open() {
        return cluster.application();
    }
}
