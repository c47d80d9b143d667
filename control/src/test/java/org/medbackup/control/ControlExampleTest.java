package org.medbackup.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.testkit.ManualExample;

class ControlExampleTest {

    @TempDir
    Path temp;

    private static InetSocketAddress example(
            BackupControl control, ControlAudit audit, TlsFiles files, int port, Consumer<Throwable> log) {
        TimeSource time = TimeSource.system();
        // example:begin
        RoleMap roles = RoleMap.of(Map.of(
                "CN=monitoring,O=Clinic", Set.of(Role.MONITOR),
                "CN=operator,O=Clinic", Set.of(Role.OPERATOR)));
        var settings = ControlSettings.onLoopback(port, files, roles);
        var parts = new ControlServer.Parts(control, audit, () -> "", log, time);
        try (ControlServer server = ControlServer.open(settings, parts)) {
            server.findings().forEach(each -> log.accept(each.code().because(each.detail())));
            return server.address();
        }
        // example:end
    }

    @Test
    void theExampleOfTheManualListensOnLoopback() throws Exception {
        List<Throwable> said = new ArrayList<>();

        InetSocketAddress address =
                example(new FakeControl(), call -> {}, Identities.server(temp, Identities.of("server")), 0, said::add);

        assertThat(address.getAddress().isLoopbackAddress()).isTrue();
        assertThat(said).isEmpty();
    }

    @Test
    void theManualHoldsTheExampleAsItIsHere() {
        ManualExample.assertStandsIn(
                "docs/control-api.md", "control/src/test/java/org/medbackup/control/ControlExampleTest.java");
    }
}
