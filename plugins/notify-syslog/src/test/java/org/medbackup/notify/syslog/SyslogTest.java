package org.medbackup.notify.syslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.notify.ChannelProvider;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.testkit.ChannelContract;
import org.medbackup.testkit.LocalServer;
import org.medbackup.testkit.SilentServer;
import org.medbackup.testkit.TlsIdentity;

/** rsyslog over TLS and plain TCP, with its own reading of what arrives. */
class SyslogTest implements ChannelContract {

    @TempDir
    static Path folder;

    private static TlsIdentity identity;
    private static TlsIdentity other;

    @TempDir
    Path temp;

    private final SilentServer silent = SilentServer.start();
    private LocalServer rsyslog;
    private int tlsPort;
    private int clearPort;

    @BeforeAll
    static void makeIdentities() {
        identity = TlsIdentity.make(folder.resolve("right"), TlsIdentity.LOOPBACK);
        other = TlsIdentity.make(folder.resolve("other"), "SAN=dns:other.example");
    }

    @BeforeEach
    void startRsyslog() throws IOException {
        tlsPort = SilentServer.absentPort();
        clearPort = SilentServer.absentPort();
        rsyslog = start("anon", identity, tlsPort, clearPort);
    }

    /** Fields are parted by a tab, which no message holds; rsyslog writes control characters otherwise. */
    private LocalServer start(String clients, TlsIdentity me, int tls, int clear) throws IOException {
        Path program = LocalServer.program("rsyslogd");
        Path config = Files.writeString(temp.resolve("rsyslog-" + tls + ".conf"), """
                global(workDirectory="%1$s"
                    defaultNetstreamDriverCAFile="%2$s"
                    defaultNetstreamDriverCertFile="%2$s"
                    defaultNetstreamDriverKeyFile="%3$s")
                module(load="imtcp")
                template(name="fields" type="list") {
                    property(name="pri") constant(value="\\t")
                    property(name="timestamp" dateFormat="rfc3339") constant(value="\\t")
                    property(name="hostname") constant(value="\\t")
                    property(name="app-name") constant(value="\\t")
                    property(name="msgid") constant(value="\\t")
                    property(name="structured-data") constant(value="\\t")
                    property(name="msg") constant(value="\\n")
                }
                input(type="imtcp" address="127.0.0.1" port="%4$d"
                    streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="%6$s")
                input(type="imtcp" address="127.0.0.1" port="%5$d")
                *.* action(type="omfile" file="%1$s/messages" template="fields")
                """.formatted(
                        temp, me.certificate(), me.key(), tls, clear, clients));
        return LocalServer.start(
                temp.resolve("log"),
                List.of(
                        program.toString(),
                        "-n",
                        "-f",
                        config.toString(),
                        "-i",
                        temp.resolve("pid-" + tls).toString()),
                () -> LocalServer.answers(clear) && LocalServer.answers(tls));
    }

    @AfterEach
    void stop() {
        if (rsyslog != null) {
            rsyslog.close();
        }
        silent.close();
    }

    private static Connection at(int port, TlsIdentity trusted, int seconds) {
        return new Connection(
                URI.create("syslog://127.0.0.1:" + port),
                new TreeMap<>(Map.of("ca", trusted.certificate().toString(), "timeout", Integer.toString(seconds))),
                Map.of());
    }

    private Connection clear() {
        return Connection.to(URI.create("syslog://127.0.0.1:" + clearPort)).with("tls", "none");
    }

    /** What rsyslog has understood: priority, time, host, application, kind, structured data, text. */
    private List<String[]> messages() {
        return LocalServer.text(temp.resolve("messages"))
                .lines()
                .map(line -> line.split("\t", -1))
                .filter(fields -> fields.length > 3 && fields[3].equals("medbackup"))
                .toList();
    }

    @Override
    public ChannelProvider provider() {
        return new SyslogProvider();
    }

    @Override
    public Connection taking() {
        return at(tlsPort, identity, 20);
    }

    @Override
    public List<String> arrived(String incident) {
        LocalServer.await(() -> !titles(incident).isEmpty());
        return titles(incident);
    }

    private List<String> titles(String incident) {
        return messages().stream()
                .filter(fields -> fields[5].contains(" incident=\"" + incident + "\" "))
                .map(fields -> fields[6].replace("\ufeff", ""))
                .map(text -> text.split(" What to do: | \\(over\\)$", -1)[0])
                .toList();
    }

    @Override
    public int count() {
        return messages().size();
    }

    @Override
    public Connection refusing() {
        return at(tlsPort, other, 20);
    }

    @Override
    public Connection silent() {
        return at(silent.port(), identity, 1);
    }

    @Override
    public Connection absent() {
        return at(SilentServer.absentPort(), identity, 2);
    }

    @Override
    public List<String> secrets() {
        // It has none; what stands in its options must not be seen either.
        return List.of(identity.certificate().toString());
    }

    private void send(Connection connection, String incident) {
        try (NotificationChannel channel = provider().open(connection, TimeSource.system())) {
            assertThat(channel.send(
                            ChannelContract.notification(incident, Kind.RAISED, Severity.CRITICAL, "No answer")))
                    .isEmpty();
        }
    }

    private BackupException failure(Connection connection) {
        try {
            send(connection, "failed-1");
        } catch (BackupException failed) {
            return failed;
        }
        throw new AssertionError("nothing failed");
    }

    @Test
    void rsyslogReadsEachPartForWhatItIs() {
        send(taking().with("facility", "daemon"), "target-1");
        arrived("target-1");
        String[] fields = messages().getFirst();
        assertThat(fields[0]).isEqualTo(Integer.toString(3 * 8 + 2));
        assertThat(fields[1]).startsWith(ChannelContract.SAID.toString().replace("Z", ""));
        assertThat(fields[2]).isEqualTo("ward-3.clinic.example");
        assertThat(fields[4]).isEqualTo("RAISED");
        assertThat(fields[5])
                .startsWith("[medbackup@32473 incident=\"target-1\" severity=\"critical\"")
                .contains(" members=\"laboratory,pacs\"", " remedy=\"Look whether");
        assertThat(fields[6])
                .endsWith("No answer What to do: Look whether the target runs: `medbackup target probe" + " archive`.");
    }

    @Test
    void withoutTlsItArrivesTooWhereThatIsSaid() {
        send(clear(), "target-2");
        assertThat(arrived("target-2")).containsExactly("No answer");
        try (NotificationChannel channel = provider().open(clear(), TimeSource.system())) {
            assertThat(channel.description()).contains("without TLS");
        }
    }

    @Test
    void aServerThatIsNotWhoItShouldBeIsToldNothing() throws IOException {
        int misnamedPort = SilentServer.absentPort();
        Connection jdks = Connection.to(URI.create("syslog://127.0.0.1:" + tlsPort));
        assertThat(failure(jdks).code()).isEqualTo(ErrorCode.NOTIFICATION_REFUSED);
        try (LocalServer misnamed = start("anon", other, misnamedPort, SilentServer.absentPort())) {
            assertThat(misnamed).isNotNull();
            BackupException failed = failure(at(misnamedPort, other, 20));
            assertThat(failed.code()).isEqualTo(ErrorCode.NOTIFICATION_REFUSED);
            assertThat(failed.describe()).contains("certificate");
        }
        assertThat(messages()).isEmpty();
    }

    @Test
    void aServerThatWantsACertificateOfOursIsNotTakenForOneThatHasRead() throws IOException {
        int strictPort = SilentServer.absentPort();
        try (LocalServer strict = start("x509/certvalid", identity, strictPort, SilentServer.absentPort())) {
            assertThat(strict).isNotNull();
            assertThat(failure(at(strictPort, identity, 20)).code())
                    .isIn(ErrorCode.NOTIFICATION_REFUSED, ErrorCode.NOTIFICATION_UNDELIVERED);
        }
        assertThat(messages()).isEmpty();
    }

    @Test
    void aServerThatDiesBeforeItHasReadAllIsSaidNotToHaveTakenIt() throws IOException {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var reset = CompletableFuture.runAsync(() -> {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().readNBytes(10);
                    // With input that nobody has read, this resets the connection.
                    socket.setSoLinger(true, 0);
                } catch (IOException failed) {
                    throw new IllegalStateException(failed);
                }
            });
            Connection dying = Connection.to(URI.create("syslog://127.0.0.1:" + server.getLocalPort()))
                    .with("tls", "none");
            assertThat(failure(dying).code()).isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
            reset.join();
        }
        Connection mute = Connection.to(URI.create("syslog://127.0.0.1:" + silent.port()))
                .with("tls", "none")
                .with("timeout", "1");
        assertThat(failure(mute).code()).isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
    }

    @Test
    void aServerWhoseNameNobodyKnowsIsTriedAgain() {
        Connection nameless = Connection.to(URI.create("syslog://no-such-host.invalid"));
        assertThat(failure(nameless).code()).isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
    }

    @Test
    void whatCannotBeMeantIsRefusedAtOnce() {
        for (Connection wrong : List.of(
                taking().with("facility", "kern"),
                taking().with("bytes", "479"),
                Connection.to(URI.create("syslog://127.0.0.1/path")))) {
            assertThat(failure(wrong).code()).isEqualTo(ErrorCode.CHANNEL_INVALID);
        }
    }
}
