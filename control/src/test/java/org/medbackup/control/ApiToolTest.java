package org.medbackup.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.TlsIdentity;

/** A tool that knows nothing but the OpenAPI document calls everything in it, rightly and wrongly, and finds nothing. */
class ApiToolTest {

    private static final Path ROOT = Path.of(System.getProperty("medbackup.root", ".."));

    @TempDir
    Path temp;

    private static String tool() {
        String home = Objects.requireNonNullElse(System.getenv("HOME"), "/");
        String cache = Objects.requireNonNullElse(System.getenv("XDG_CACHE_HOME"), home + "/.cache");
        Completed found = Processes.system()
                .run(Command.of(ROOT.resolve("dev/schemathesis").toString(), "--no-install")
                        .with("HOME", home)
                        .with("XDG_CACHE_HOME", cache));
        assumeTrue(found.succeeded(), "needs schemathesis, which dev/schemathesis installs");
        return found.output().strip();
    }

    @Test
    void schemathesisFindsNothing() throws Exception {
        String tool = tool();
        Path document = Files.writeString(temp.resolve("openapi.json"), ControlServer.openApi());
        TlsIdentity operator = Identities.of("operator");
        try (var site = new Site(temp)) {
            Completed ended = Processes.system()
                    .run(Command.of(
                                    tool,
                                    "--no-color",
                                    "run",
                                    document.toString(),
                                    "--url",
                                    site.uri("").toString(),
                                    "--tls-verify",
                                    Identities.of("server").certificate().toString(),
                                    "--request-cert",
                                    operator.certificate().toString(),
                                    "--request-cert-key",
                                    operator.key().toString(),
                                    "--request-timeout",
                                    "20",
                                    "--seed",
                                    "20260301",
                                    "--generation-database",
                                    "none",
                                    "--suppress-health-check",
                                    "all",
                                    "--warnings",
                                    "off",
                                    "--max-examples",
                                    Integer.toString(Evidence.rounds(6, 300)))
                            .in(temp)
                            .within(Duration.ofMinutes(Evidence.rounds(3, 60))));

            assertThat(ended.exitCode()).as(ended.output() + ended.errors()).isZero();
            assertThat(site.unforeseen).isEmpty();
            assertThat(site.audited).isNotEmpty();
        }
    }
}
