package org.medbackup.app.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.FolderRecovery;
import org.medbackup.testkit.FakeHttpService;

/** Whom the adapter trusts, and what it takes for an address. */
class HttpConnectionTest {

    @TempDir
    Path temp;

    private Connection connection;

    @BeforeEach
    void makeFolder() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("data"));
        Files.writeString(folder.resolve("f"), "text");
        connection = Connection.to(URI.create("app+http://127.0.0.1:1/")).with("folders", folder.toString());
    }

    private static Deadline soon() {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(20));
    }

    private static BackupException failure(Runnable call) {
        try {
            call.run();
        } catch (BackupException failed) {
            return failed;
        }
        throw new AssertionError("nothing failed");
    }

    private SSLContext selfSigned() throws IOException, GeneralSecurityException {
        Path store = temp.resolve("store.p12");
        String keytool = System.getProperty("java.home") + "/bin/keytool";
        Processes.system()
                .run(Command.of(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "me",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit"));
        Processes.system()
                .run(Command.of(
                        keytool,
                        "-exportcert",
                        "-rfc",
                        "-alias",
                        "me",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit",
                        "-file",
                        temp.resolve("ca.pem").toString()));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    @Test
    void overTlsOnlyTheAuthorityThatWasNamedIsTrusted() throws IOException, GeneralSecurityException {
        try (FakeHttpService secure = FakeHttpService.start(selfSigned())) {
            Connection over = Connection.to(URI.create("app+https://127.0.0.1:" + secure.port()))
                    .with("folders", temp.resolve("data").toString());
            Connection pinned = over.with("caFile", temp.resolve("ca.pem").toString());
            try (Application application = new HttpProvider().open(pinned, Outside.system())) {
                application.prepare("run", soon());
            }
            try (Application application = new HttpProvider().open(over, Outside.system())) {
                assertThatThrownBy(() -> application.prepare("run", soon())).isInstanceOf(BackupException.class);
            }
        }
        for (String wrong : List.of("nothing.pem", "data/f")) {
            Connection unusable = connection.with("caFile", temp.resolve(wrong).toString());
            assertThat(failure(() -> new HttpProvider().open(unusable, Outside.system()))
                            .code())
                    .isEqualTo(ErrorCode.CREDENTIAL_UNREADABLE);
        }
    }

    @Test
    void whatCannotBeMeantIsRefusedAtOnce() {
        for (Connection wrong : List.of(
                new Connection(URI.create("app+http://user@h/"), connection.options(), Map.of()),
                new Connection(URI.create("app+http://h/?q"), connection.options(), Map.of()),
                new Connection(URI.create("app+http:///x"), connection.options(), Map.of()),
                connection.with("requestTimeout", "soon"),
                connection.with("quiesce", "/quiesce"),
                connection.with("state", "state"),
                connection.with("frozenState", "running"))) {
            assertThat(failure(() -> new HttpProvider().open(wrong, Outside.system()))
                            .code())
                    .isEqualTo(ErrorCode.APPLICATION_URL_MALFORMED);
        }
        Connection noSecret = connection.with("tokenUrl", "http://127.0.0.1/token");
        assertThat(failure(() -> new HttpProvider().open(noSecret, Outside.system()))
                        .code())
                .isEqualTo(ErrorCode.NO_CREDENTIAL_GIVEN);
    }

    @Test
    void itIsFoundByItsKindsAndRestoresFolders() {
        var provider = new HttpProvider();
        assertThat(provider.kinds()).containsExactlyInAnyOrder("app+http", "app+https");
        assertThat(provider.options()).extracting("name").contains("quiesce", "tokenUrl", "clientSecret");
        assertThat(provider.recovery(Outside.system())).isInstanceOf(FolderRecovery.class);
    }

    @Test
    void pausesGrowAndAreNeverTheSameForAll() {
        assertThat(Api.backoff(0)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
        assertThat(Api.backoff(9)).isBetween(Duration.ofMillis(2500), Duration.ofMillis(5000));
    }
}
