package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.RepositoryOptions;
import org.medbackup.testkit.LocalServer;
import org.medbackup.testkit.SilentServer;
import org.medbackup.testkit.TlsIdentity;

/** The daemon sends the audit trail while it runs, and goes on where a receiver does not. */
class AuditStreamsTest {

    @TempDir
    Path temp;

    private final BlockingQueue<Daemon> ready = new LinkedBlockingQueue<>();

    private RepositoryAccess access() {
        return new RepositoryAccess(
                temp.resolve("repository").toString(), new CredentialSource.Password(Secret.ofText("correct horse")));
    }

    private static List<String> open(MedBackup product) {
        return product.incidents().list().stream()
                .map(each -> each.cause().failure() + " " + each.cause().resource())
                .toList();
    }

    @Test
    void aReceiverThatIsAwayIsAnIncidentAndGetsAllWhenItIsBack() throws Exception {
        int tls = SilentServer.absentPort();
        int clear = SilentServer.absentPort();
        TlsIdentity identity = TlsIdentity.make(temp.resolve("server"), TlsIdentity.LOOPBACK);
        TlsIdentity client = TlsIdentity.make(temp.resolve("client"), TlsIdentity.LOOPBACK);
        var receiver = new AuditReceiver(temp.resolve("rsyslog"), identity, client, tls, clear, "+VERS-TLS1.3");
        Path file = Files.writeString(temp.resolve("medbackup.yaml"), """
                repository: %s
                audit:
                  export:
                    - {format: atna, to: "syslog+tls://127.0.0.1:%d", ca: %s, certificate: %s, key: %s}
                    - {format: cef, to: "syslog+tls://127.0.0.1:%d", certificate: %5$s, key: %5$s}
                """.formatted(
                temp.resolve("repository"), tls, identity.certificate(), client.certificate(), client.key(), tls));
        Settings settings = Settings.of(temp.resolve("state"), new Actor("daemon", "host-1", null, null))
                .with(Site.SMALL)
                .with(MedBackup.configurationFile(Map.of()).load(file), Map.of());
        try (MedBackup product = MedBackup.open(settings)) {
            product.init(
                    access(), null, new RepositoryOptions(KeyDerivation.PBKDF2, RepositoryOptions.Signatures.ED25519));
            Thread thread =
                    Thread.ofPlatform().start(() -> product.serve(access(), new ByteArrayOutputStream(), ready::add));
            try {
                assertThat(ready.poll(30, TimeUnit.SECONDS)).isNotNull();
                assertThat(LocalServer.await(() -> open(product).size() == 2)).isTrue();
                assertThat(open(product))
                        .containsExactlyInAnyOrder(
                                ErrorCode.AUDIT_NOT_SENT + " audit-atna-127.0.0.1",
                                ErrorCode.CONFIGURATION_INVALID + " audit-cef-127.0.0.1");
                // It works all the same.
                assertThat(product.snapshots(access(), "", new java.util.TreeMap<>()))
                        .isEmpty();
                try (LocalServer running = receiver.start()) {
                    assertThat(running.pid()).isPositive();
                    assertThat(LocalServer.await(() -> open(product).size() == 1))
                            .isTrue();
                    // That it is over is an entry too, which is sent a second later.
                    product.snapshots(access(), "", new java.util.TreeMap<>());
                    long entries = product.auditHead().size();
                    assertThat(LocalServer.await(() -> receiver.messages().size() >= entries))
                            .isTrue();
                    for (int i = 0; i < entries; i++) {
                        assertThat(receiver.messages().get(i)).contains("[meta sequenceId=\"" + (i + 1) + "\"]");
                    }
                }
            } finally {
                thread.interrupt();
                thread.join();
            }
        }
    }
}
