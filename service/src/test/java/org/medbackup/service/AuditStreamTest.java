package org.medbackup.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.AuditTrail;
import org.medbackup.audit.export.AuditExport;
import org.medbackup.audit.export.AuditFormat;
import org.medbackup.audit.export.ExportOrigin;
import org.medbackup.core.Entropy;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.service.config.AuditSinkEntry;
import org.medbackup.testkit.LocalServer;
import org.medbackup.testkit.SilentServer;
import org.medbackup.testkit.TlsIdentity;

/** The audit trail arrives at a real rsyslog, whatever happens on the way. */
class AuditStreamTest {

    private static final ExportOrigin ORIGIN = new ExportOrigin("backup01", "1.0");
    private static final Actor ACTOR = new Actor("j.dö\n<85>1 forged", "host", "ticket | = \u2028 4711", "HOPERAT");

    @TempDir
    static Path folder;

    private static TlsIdentity identity;
    private static TlsIdentity client;
    private static TlsIdentity stranger;

    @TempDir
    Path temp;

    private AuditTrail trail;
    private int tls;
    private int clear;

    @BeforeAll
    static void makeIdentities() {
        identity = TlsIdentity.make(folder.resolve("server"), TlsIdentity.LOOPBACK);
        client = TlsIdentity.make(folder.resolve("client"), TlsIdentity.LOOPBACK);
        stranger = TlsIdentity.make(folder.resolve("stranger"), TlsIdentity.LOOPBACK);
    }

    @BeforeEach
    void begin() throws IOException {
        tls = SilentServer.absentPort();
        clear = SilentServer.absentPort();
        trail = AuditTrail.open(
                temp.resolve("audit"),
                Secret.ofText("the key of a host under test, 32"),
                TimeSource.system(),
                Entropy.system());
    }

    @AfterEach
    void end() {
        trail.close();
    }

    private AuditReceiver receiver(String versions) {
        return new AuditReceiver(temp.resolve("rsyslog"), identity, client, tls, clear, versions);
    }

    private void write(int operations) {
        for (int i = 0; i < operations; i++) {
            OperationLog log =
                    OperationLog.open(TimeSource.system(), Entropy.system(), trail, "backup", ACTOR, Facts.of("n", i));
            log.phase("scan", Outcome.SUCCESS, java.time.Duration.ofMillis(3), Facts.NONE);
            log.ended(Outcome.SUCCESS, null, Facts.of("files", i));
        }
    }

    private AuditSinkEntry over(AuditFormat format, @Nullable TlsIdentity as) {
        return new AuditSinkEntry(
                format,
                URI.create("syslog+tls://127.0.0.1:" + tls),
                identity.certificate(),
                as == null ? null : as.certificate(),
                as == null ? null : as.key());
    }

    private AuditSinkEntry inTheClear(int port) {
        return new AuditSinkEntry(AuditFormat.ATNA, URI.create("syslog+tcp://127.0.0.1:" + port), null, null, null);
    }

    private AuditStream stream(AuditSinkEntry sink) {
        return new AuditStream(sink, trail, ORIGIN, temp);
    }

    private static void sendAll(AuditStream stream) {
        while (stream.step()) {
            // There may be more.
        }
    }

    /** What should arrive. */
    private List<String> expected(AuditFormat format) {
        var export = new AuditExport(format, ORIGIN);
        var lines = new ArrayList<String>();
        try (Stream<AuditEntry> entries = trail.entries(0)) {
            entries.forEach(each -> lines.add(new String(export.message(each), UTF_8)));
        }
        return lines;
    }

    private static void arrives(AuditReceiver receiver, List<String> expected) {
        LocalServer.await(() -> receiver.messages().size() >= expected.size());
        assertThat(receiver.messages()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+VERS-TLS1.2", "+VERS-TLS1.3"})
    void everyEntryArrivesOverTlsThatKnowsBothSides(String versions) {
        AuditReceiver receiver = receiver(versions);
        try (LocalServer running = receiver.start()) {
            assertThat(running.pid()).isPositive();
            write(90);
            AuditStream stream = stream(over(AuditFormat.ATNA, client));
            sendAll(stream);
            arrives(receiver, expected(AuditFormat.ATNA));
            write(1);
            sendAll(stream);
            assertThat(stream.step()).isFalse();
            arrives(receiver, expected(AuditFormat.ATNA));
        }
    }

    @ParameterizedTest
    @EnumSource(AuditFormat.class)
    void everyFormatArrivesAsItIs(AuditFormat format) {
        AuditReceiver receiver = receiver("+VERS-TLS1.3");
        try (LocalServer running = receiver.start()) {
            assertThat(running.pid()).isPositive();
            write(3);
            sendAll(stream(over(format, client)));
            arrives(receiver, expected(format));
            assertThat(receiver.messages())
                    .allMatch(each -> each.startsWith("<85>1 20") && each.contains(" backup01 medbackup - "));
        }
    }

    @Test
    void aStrangerSendsNothing() {
        AuditReceiver receiver = receiver("+VERS-TLS1.2:+VERS-TLS1.3");
        try (LocalServer running = receiver.start()) {
            assertThat(running.pid()).isPositive();
            write(1);
            Site.failure(
                    ErrorCode.AUDIT_NOT_SENT,
                    () -> stream(over(AuditFormat.ATNA, stranger)).step());
            Site.failure(
                    ErrorCode.AUDIT_NOT_SENT,
                    () -> stream(over(AuditFormat.ATNA, null)).step());
            AuditSinkEntry distrustful = new AuditSinkEntry(
                    AuditFormat.ATNA,
                    URI.create("syslog+tls://127.0.0.1:" + tls),
                    stranger.certificate(),
                    client.certificate(),
                    client.key());
            Site.failure(ErrorCode.AUDIT_NOT_SENT, () -> stream(distrustful).step());
            AuditSinkEntry ofTheJdk =
                    new AuditSinkEntry(AuditFormat.ATNA, URI.create("syslog+tls://127.0.0.1:" + tls), null, null, null);
            Site.failure(ErrorCode.AUDIT_NOT_SENT, () -> stream(ofTheJdk).step());
            sendAll(stream(over(AuditFormat.ATNA, client)));
            arrives(receiver, expected(AuditFormat.ATNA));
        }
    }

    @Test
    void afterARestartItGoesOnWhereItWas() {
        AuditReceiver receiver = receiver("+VERS-TLS1.3");
        AuditSinkEntry sink = over(AuditFormat.ATNA, client);
        write(2);
        try (LocalServer running = receiver.start()) {
            assertThat(running.pid()).isPositive();
            sendAll(stream(sink));
            arrives(receiver, expected(AuditFormat.ATNA));
        }
        // An operation that began before the restart ends after it: who it is is known all the same.
        OperationLog log =
                OperationLog.open(TimeSource.system(), Entropy.system(), trail, "restore", ACTOR, Facts.NONE);
        AuditStream failing = stream(sink);
        Site.failure(ErrorCode.AUDIT_NOT_SENT, failing::step);
        try (LocalServer running = receiver.start()) {
            assertThat(running.pid()).isPositive();
            sendAll(failing);
            log.phase("fetch", Outcome.SUCCESS, java.time.Duration.ofMillis(3), Facts.NONE);
            sendAll(stream(sink));
            arrives(receiver, expected(AuditFormat.ATNA));
            assertThat(receiver.messages().getLast())
                    .contains("UserID=\"j.d", "<EventOutcomeDescription>restore phase fetch");
        }
    }

    /** Between it and rsyslog somebody cuts the wire, each time after some more bytes. */
    @Test
    void nothingIsMissingHoweverOftenTheConnectionIsCut() throws Exception {
        AuditReceiver receiver = receiver("+VERS-TLS1.3");
        write(60);
        try (LocalServer running = receiver.start();
                var wire = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(running.pid()).isPositive();
            int[] cuts = {1, 3000, 40_000, 100_000};
            var cutter = CompletableFuture.runAsync(() -> {
                for (int cut : cuts) {
                    cut(wire, cut);
                }
            });
            AuditSinkEntry sink = inTheClear(wire.getLocalPort());
            for (int cut : cuts) {
                Site.failure(ErrorCode.AUDIT_NOT_SENT, () -> stream(sink).step());
                assertThat(cut).isPositive();
            }
            cutter.join();
            // The wire is whole again.
            var whole = CompletableFuture.runAsync(() -> cut(wire, Integer.MAX_VALUE));
            sendAll(stream(sink));
            whole.join();
            List<String> expected = expected(AuditFormat.ATNA);
            LocalServer.await(() -> new LinkedHashSet<>(receiver.messages()).containsAll(expected));
            // All of it, in its order; what came twice says so by its number.
            List<String> arrived = receiver.messages().stream()
                    .filter(new java.util.HashSet<>(expected)::contains)
                    .toList();
            assertThat(new LinkedHashSet<>(arrived)).containsExactlyElementsOf(expected);
            assertThat(arrived.size()).isGreaterThan(expected.size());
            assertThat(arrived.subList(arrived.size() - expected.size(), arrived.size()))
                    .isEqualTo(expected);
        }
    }

    private void cut(ServerSocket wire, int after) {
        try (Socket from = wire.accept();
                var to = new Socket(InetAddress.getLoopbackAddress(), clear)) {
            InputStream in = from.getInputStream();
            int left = after;
            for (int one = in.read(); one >= 0 && left > 0; one = in.read()) {
                to.getOutputStream().write(one);
                left--;
            }
            if (left > 0) {
                to.shutdownOutput();
                to.getInputStream().readAllBytes();
                from.shutdownOutput();
            } else {
                from.setSoLinger(true, 0);
            }
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void whatIsKeptOnDiskNamesNobodyAndIsWhole() throws IOException {
        AuditReceiver receiver = receiver("+VERS-TLS1.3");
        write(2);
        try (LocalServer running = receiver.start()) {
            assertThat(running.pid()).isPositive();
            sendAll(stream(over(AuditFormat.ATNA, client)));
            sendAll(stream(inTheClear(clear)));
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(temp.resolve(AuditStream.FOLDER))) {
            files = all.toList();
        }
        assertThat(files).hasSize(2).allSatisfy(each -> {
            assertThat(each.getFileName().toString()).matches("[0-9a-f]{32}");
            assertThat(each).hasContent("6");
        });
        Files.writeString(files.getFirst(), "six");
        Files.writeString(files.getLast(), "six");
        Site.failure(ErrorCode.STATE_UNUSABLE, () -> stream(inTheClear(clear)).step());
        Files.writeString(files.getFirst(), "7");
        Files.writeString(files.getLast(), "7");
        // Fewer entries than were sent: the trail was set back.
        Site.failure(ErrorCode.AUDIT_DAMAGED, () -> stream(inTheClear(clear)).step());
    }

    @Test
    void filesOfCertificatesThatAreNoneAreSaid() throws IOException {
        write(1);
        Path none = Files.writeString(temp.resolve("none.pem"), "nothing");
        for (AuditSinkEntry sink : List.of(
                new AuditSinkEntry(
                        AuditFormat.ATNA,
                        URI.create("syslog+tls://127.0.0.1:" + tls),
                        none,
                        client.certificate(),
                        client.key()),
                new AuditSinkEntry(
                        AuditFormat.ATNA,
                        URI.create("syslog+tls://127.0.0.1:" + tls),
                        null,
                        client.certificate(),
                        none))) {
            Site.failure(ErrorCode.CONFIGURATION_INVALID, () -> stream(sink).step());
        }
    }

    @Test
    void numbersOfMessagesHaveNoGap() {
        write(3);
        assertThat(IntStream.range(0, 9)
                        .mapToObj(each -> "[meta sequenceId=\"" + (each + 1) + "\"]")
                        .toList())
                .isEqualTo(LongStream.range(0, 9)
                        .mapToObj(each -> expected(AuditFormat.CEF).get((int) each))
                        .map(each -> each.substring(each.indexOf('['), each.indexOf(']') + 1))
                        .toList());
    }
}
