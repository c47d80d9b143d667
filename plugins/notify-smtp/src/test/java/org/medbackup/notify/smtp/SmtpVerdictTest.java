package org.medbackup.notify.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.testkit.ChannelContract;
import org.medbackup.testkit.TlsIdentity;

/** What each reply of a mail server means, and what is never said without TLS. */
class SmtpVerdictTest {

    private static final Notification SOME =
            ChannelContract.notification("target-1", Kind.OPENED, Severity.ERROR, "No answer");

    @TempDir
    Path temp;

    private static Connection at(int port, Map<String, String> more) {
        var options = new TreeMap<>(Map.of(
                "from", "backup@clinic.example", "to", "one@clinic.example,two@clinic.example", "timeout", "20"));
        options.putAll(more);
        Map<String, Secret> secrets =
                options.containsKey("user") ? Map.of("password", Secret.ofText("canary")) : Map.of();
        return new Connection(URI.create("smtp://127.0.0.1:" + port), options, secrets);
    }

    private static String send(Connection connection) {
        try (NotificationChannel channel = new SmtpProvider().open(connection, TimeSource.system())) {
            return channel.send(SOME);
        }
    }

    private static BackupException failure(Connection connection) {
        try {
            send(connection);
        } catch (BackupException failed) {
            return failed;
        }
        throw new AssertionError("nothing failed");
    }

    private static BackupException failure(Map<String, String> script, String user) {
        Map<String, String> more = new HashMap<>(Map.of("tls", "none"));
        if (!user.isEmpty()) {
            more.put("user", user);
        }
        try (ScriptedSmtp server = ScriptedSmtp.start(script, null)) {
            return failure(at(server.port(), more));
        }
    }

    @Test
    void aServerWithoutTlsIsSpokenToWhereThatIsSaid() {
        try (ScriptedSmtp server = ScriptedSmtp.start(Map.of(), null)) {
            assertThat(send(at(server.port(), Map.of("tls", "none")))).isEqualTo("250 2.0.0 Ok: queued as 4711");
            assertThat(server.lines())
                    .contains("RCPT TO:<one@clinic.example>", "RCPT TO:<two@clinic.example>")
                    .noneMatch(line -> line.startsWith("AUTH"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HELLO, 421 canary busy, NOTIFICATION_UNDELIVERED, 421",
        "HELLO, 554 canary go away, NOTIFICATION_REFUSED, 554",
        "MAIL, 451 canary later, NOTIFICATION_UNDELIVERED, 451",
        "MAIL, 553 canary not you, NOTIFICATION_REFUSED, 553",
        "RCPT, 450 canary greylisted, NOTIFICATION_UNDELIVERED, 450",
        "RCPT, 550 canary unknown, NOTIFICATION_REFUSED, 550",
        "DATA, 452 canary full, NOTIFICATION_UNDELIVERED, 452",
        "DATA, 503 canary no, NOTIFICATION_REFUSED, 503",
        "BODY, 451 canary later, NOTIFICATION_UNDELIVERED, 451",
        "BODY, 554 canary spam, NOTIFICATION_REFUSED, 554",
    })
    void fourMeansLaterAndFiveMeansNo(String step, String reply, ErrorCode code, String status) {
        BackupException failed = failure(Map.of(step, reply), "");
        assertThat(failed.code()).isEqualTo(code);
        assertThat(failed.context()).containsEntry("status", status);
        assertThat(failed.describe()).doesNotContain("canary");
        assertThat(failed.getCause()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"HELLO", "EHLO", "MAIL", "RCPT", "DATA", "BODY"})
    void aConnectionThatEndsIsTriedAgain(String step) {
        assertThat(failure(Map.of(step, ""), "").code()).isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
    }

    @Test
    void aLoginThatFailsForNowIsTriedAgain() {
        assertThat(failure(Map.of("AUTH", "454 canary later"), "backup").code())
                .isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
        BackupException refused = failure(Map.of("AUTH", "535 canary no"), "backup");
        assertThat(refused.code()).isEqualTo(ErrorCode.NOTIFICATION_REFUSED);
        assertThat(refused.describe()).contains("user and password").doesNotContain("canary");
    }

    @Test
    void whoCanBeReachedIsToldAlthoughAnotherCannot() {
        try (ScriptedSmtp server = ScriptedSmtp.start(Map.of("RCPT TO:<one@", "550 unknown"), null)) {
            BackupException failed = failure(at(server.port(), Map.of("tls", "none")));
            assertThat(failed.code()).isEqualTo(ErrorCode.NOTIFICATION_REFUSED);
            assertThat(failed.context()).containsEntry("status", "550");
            assertThat(server.lines()).contains("Subject: [ERROR] No answer");
        }
        try (ScriptedSmtp server =
                ScriptedSmtp.start(Map.of("RCPT TO:<one@", "550 unknown", "RCPT TO:<two@", "450 later"), null)) {
            BackupException failed = failure(at(server.port(), Map.of("tls", "none")));
            assertThat(failed.code()).isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
        }
    }

    @Test
    void nothingIsSaidToAServerThatOffersNoTls() {
        try (ScriptedSmtp server = ScriptedSmtp.start(Map.of(), null)) {
            BackupException failed = failure(at(server.port(), Map.of("user", "backup")));
            assertThat(failed.code()).isEqualTo(ErrorCode.NOTIFICATION_REFUSED);
            assertThat(failed.describe()).contains("STARTTLS");
            assertThat(server.lines()).allMatch(line -> line.startsWith("EHLO") || line.equals("QUIT"));
        }
    }

    @Test
    void nothingIsSaidToAServerThatIsNotWhoItShouldBe() {
        TlsIdentity right = TlsIdentity.make(temp.resolve("right"), TlsIdentity.LOOPBACK);
        TlsIdentity other = TlsIdentity.make(temp.resolve("other"), "SAN=dns:other.example");
        try (ScriptedSmtp server = ScriptedSmtp.start(Map.of(), right.server());
                ScriptedSmtp misnamed = ScriptedSmtp.start(Map.of(), other.server())) {
            Map<String, String> trusting =
                    Map.of("user", "backup", "ca", right.certificate().toString());
            assertThat(send(at(server.port(), trusting))).startsWith("250");
            assertThat(server.lines()).anyMatch(line -> line.startsWith("AUTH"));
            String stranger = other.certificate().toString();
            for (Connection wrong : List.of(
                    at(server.port(), Map.of("user", "backup")),
                    at(server.port(), Map.of("user", "backup", "ca", stranger)),
                    at(misnamed.port(), Map.of("user", "backup", "ca", stranger)))) {
                BackupException failed = failure(wrong);
                assertThat(failed.code()).isEqualTo(ErrorCode.NOTIFICATION_REFUSED);
                assertThat(failed.describe()).contains("certificate");
            }
            assertThat(misnamed.lines()).noneMatch(line -> line.startsWith("AUTH") || line.startsWith("MAIL"));
        }
    }

    @Test
    void aServerThatSendsAByteNowAndThenIsGivenUpInTime() throws IOException {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> drip(server));
            BackupException failed = failure(at(server.getLocalPort(), Map.of("tls", "none", "timeout", "1")));
            assertThat(failed.code()).isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
            assertThat(failed.context()).containsEntry("seconds", "1");
        }
    }

    private static void drip(ServerSocket server) {
        try (Socket socket = server.accept()) {
            while (true) {
                socket.getOutputStream().write('2');
                TimeSource.system().sleep(Duration.ofMillis(50));
            }
        } catch (IOException givenUp) {
            // As it has to be.
        }
    }

    @Test
    void whatCannotBeMeantIsRefusedAtOnceAndNotShown() {
        for (Map<String, String> wrong : List.of(
                Map.of("from", "canary"),
                Map.of("from", "canary@a.example, b@a.example"),
                Map.of("to", "canary@"),
                Map.of("to", " , "),
                Map.of("to", "x@clinic.example\r\nBcc: canary@clinic.example"),
                Map.of("to", "cänary@clinic.example"),
                Map.of("to", "canary: a@clinic.example, b@clinic.example;"))) {
            BackupException failed = failure(at(1, wrong));
            assertThat(failed.code()).as(wrong.toString()).isEqualTo(ErrorCode.CHANNEL_INVALID);
            assertThat(failed.toCaller()).doesNotContain("anary");
        }
        Connection named = at(1, Map.of("user", "backup"));
        Connection path = Connection.to(URI.create("smtp://127.0.0.1/x")).with(named.options());
        Connection noTls = Connection.to(URI.create("smtps://127.0.0.1/"))
                .with(at(1, Map.of("tls", "none")).options());
        for (Connection wrong : List.of(new Connection(named.address(), named.options(), Map.of()), path, noTls)) {
            assertThat(failure(wrong).code()).isEqualTo(ErrorCode.CHANNEL_INVALID);
        }
    }
}
