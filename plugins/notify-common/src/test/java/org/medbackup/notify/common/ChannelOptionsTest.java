package org.medbackup.notify.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;
import org.medbackup.testkit.HttpReceiver;
import org.medbackup.testkit.TlsIdentity;

class ChannelOptionsTest {

    private static final List<ConnectionOption> KNOWN = ChannelOptions.all(
            ChannelOptions.TLS,
            List.of(
                    ChannelOptions.ZONE,
                    ConnectionOption.optional("size", "A number."),
                    ConnectionOption.secret("password", "A secret.")));

    @TempDir
    Path temp;

    private static ChannelOptions of(String address, String... options) {
        var given = new TreeMap<String, String>();
        for (int i = 0; i < options.length; i += 2) {
            given.put(options[i], options[i + 1]);
        }
        return ChannelOptions.of(new Connection(URI.create(address), given, Map.of()), KNOWN);
    }

    private static BackupException failure(Runnable call) {
        try {
            call.run();
        } catch (BackupException failed) {
            assertThat(failed.code()).isEqualTo(ErrorCode.CHANNEL_INVALID);
            return failed;
        }
        throw new AssertionError("nothing failed");
    }

    @Test
    void whatIsNotGivenIsAsDocumented() {
        ChannelOptions options = of("x://host/");
        assertThat(options.limit()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.isClear()).isFalse();
        assertThat(options.authorities()).isNull();
        assertThat(options.zone()).isEqualTo(ZoneId.of("UTC"));
        assertThat(options.port(99)).isEqualTo(99);
        assertThat(options.server().getHost()).isEqualTo("host");
        assertThat(options.secret("password")).isNull();
        assertThat(ChannelOptions.textOf(null)).isEmpty();
        assertThat(options.word("size", "a", Set.of("a", "b"))).isEqualTo("a");
    }

    @Test
    void whatIsGivenHolds() {
        ChannelOptions options =
                of("x://host:7/path", "timeout", "300", "tls", "none", "zone", "Europe/Berlin", "size", "12");
        assertThat(options.limit()).isEqualTo(Duration.ofMinutes(5));
        assertThat(options.isClear()).isTrue();
        assertThat(options.zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(options.port(99)).isEqualTo(7);
        assertThat(options.address().getPath()).isEqualTo("/path");
        assertThat(options.number("size", 1, 0, 12)).isEqualTo(12);
        assertThat(options.text("size", "")).isEqualTo("12");
    }

    @Test
    void whatCannotBeMeantNamesItsOption() {
        assertThat(failure(() -> of("x://h", "size2", "1")).context()).containsEntry("option", "size2");
        assertThat(failure(() -> of("x://h", "password", "1")).context()).containsEntry("option", "password");
        assertThat(failure(() -> of("x://h", "tls", "maybe").isClear()).describe())
                .contains("tls");
        assertThat(failure(() -> of("x://h", "tls", "none", "ca", "/x").isClear())
                        .describe())
                .contains("ca");
        assertThat(failure(() -> of("x://h", "timeout", "301").limit()).describe())
                .contains("timeout", "1 to 300");
        assertThat(failure(() -> of("x://h", "timeout", "9999999999").limit()).describe())
                .contains("timeout");
        assertThat(failure(() -> of("x://h", "zone", "Mars/Olympus").zone()).describe())
                .contains("zone");
        assertThat(failure(() -> of("x://h", "size", "a\nb").text("size", "")).describe())
                .contains("size");
        assertThat(failure(() -> of("x://h", "size", "c").word("size", "a", Set.of("b", "a")))
                        .describe())
                .contains("size is one of a, b");
        assertThat(failure(() -> of("x://h/path").server()).describe()).contains("path");
        for (String address : List.of("x:h", "x://u@h/", "x://h/?q", "x://h/#f", "x:///p")) {
            assertThat(failure(() -> of(address).address()).describe()).contains("address");
        }
        for (String address : List.of("x://h:0", "x://h:70000")) {
            assertThat(failure(() -> of(address).port(1)).describe()).contains("port");
        }
    }

    @Test
    void whatIsNeededMustBeThere() {
        List<ConnectionOption> known =
                List.of(ConnectionOption.required("from", "Who."), new ConnectionOption("key", true, true, "A key."));
        Connection nothing = Connection.to(URI.create("x://h"));
        assertThat(failure(() -> ChannelOptions.of(nothing, known)).describe()).contains("from is needed");
        Connection from = nothing.with("from", "me");
        assertThat(failure(() -> ChannelOptions.of(from, known)).describe()).contains("key is needed");
        try (Secret key = Secret.ofText("geheim")) {
            var whole = new Connection(from.address(), from.options(), Map.of("key", key));
            assertThat(ChannelOptions.textOf(ChannelOptions.of(whole, known).secret("key")))
                    .isEqualTo("geheim");
            assertThat(failure(() -> ChannelOptions.of(whole, List.of(known.getFirst()))))
                    .satisfies(failed -> assertThat(failed.context()).containsEntry("option", "key"));
        }
    }

    @Test
    void authoritiesComeFromAFileOfCertificates() throws IOException {
        TlsIdentity identity = TlsIdentity.make(temp.resolve("id"), TlsIdentity.LOOPBACK);
        var tls = Objects.requireNonNull(
                of("x://h", "ca", identity.certificate().toString()).authorities());
        try (HttpReceiver server = HttpReceiver.start(identity.server());
                var socket = tls.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            ((SSLSocket) socket).startHandshake();
            assertThat(((SSLSocket) socket).getSession().getPeerPrincipal().getName())
                    .isEqualTo("CN=test");
        }
        Path empty = Files.createFile(temp.resolve("empty"));
        Path text = Files.writeString(temp.resolve("text"), "-----BEGIN CERTIFICATE-----\nx\n");
        for (Path wrong : List.of(empty, text, temp.resolve("missing"))) {
            assertThat(failure(() -> of("x://h", "ca", wrong.toString()).authorities())
                            .describe())
                    .contains("ca")
                    .doesNotContain(temp.toString());
        }
    }
}
