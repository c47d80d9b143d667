package org.medbackup.app.postgresql.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.medbackup.testkit.FakePatroni.leader;
import static org.medbackup.testkit.FakePatroni.member;
import static org.medbackup.testkit.FakePatroni.replica;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.app.postgresql.PostgresProvider;
import org.medbackup.app.postgresql.Role;
import org.medbackup.app.postgresql.StreamingPair;
import org.medbackup.app.postgresql.TestCluster;
import org.medbackup.app.postgresql.TestServers;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Discovery;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.testkit.FakePatroni;

/** Patroni's members are asked who leads: over roles that change, members that do not answer, and standbys that lag. */
@Timeout(300)
class PatroniTest {

    private static final TimeSource TIME = TestCluster.OUTSIDE.time();

    @TempDir
    Path temp;

    private final FakePatroni first = FakePatroni.start();
    private final FakePatroni second = FakePatroni.start();

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    private Patroni patroni() {
        return Patroni.of(first.url() + ", " + second.url() + "/", "", "1000", TIME);
    }

    private static Deadline within(Duration duration) {
        return Deadline.after(TimeSource.system(), duration);
    }

    private String chosen(Role role) {
        return patroni().choose(role, within(Duration.ofSeconds(20))).name();
    }

    private static void requireCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }

    @Test
    void theMemberOfTheWantedRoleIsTakenAndOfTheStandbysTheOneThatIsLeastBehind() {
        first.says(
                replica("far", 1, "400"),
                replica("near", 2, "7"),
                leader("head", 3),
                replica("lost", 4, "5000"),
                replica("silent", 5, "\"unknown\""),
                member("old", "replica", "running", 6, 2, ", \"lag\": 0"),
                member("private", "replica", "streaming", 7, 3, ", \"lag\": 0, \"tags\": {\"noloadbalance\": true}"),
                member("down", "replica", "stopped", 8, 3, ", \"lag\": 0"));

        assertThat(chosen(Role.ANY)).isEqualTo("head");
        assertThat(chosen(Role.PRIMARY)).isEqualTo("head");
        assertThat(chosen(Role.STANDBY)).isEqualTo("near");
        assertThat(chosen(Role.PREFER_STANDBY)).isEqualTo("near");
        assertThat(second.asked()).isZero();
    }

    @Test
    void whereEveryStandbyIsTooFarBehindTheLeaderServesThoseWhoOnlyPreferOne() {
        first.says(replica("far", 1, "1001"), member("head", "master", "running", 2, 3, ""));

        assertThat(chosen(Role.PREFER_STANDBY)).isEqualTo("head");
        requireCode(
                ErrorCode.APPLICATION_UNREACHABLE,
                () -> patroni().choose(Role.STANDBY, within(Duration.ofMillis(700))));
    }

    @Test
    void aMemberThatCannotAnswerIsPassedOver() {
        first.says(503, "")
                .says(200, "<html>")
                .says(200, "{\"scope\": \"ehr\"}")
                .says(200, "[]");
        second.says(leader("head", 3));

        for (int i = 0; i < 4; i++) {
            assertThat(chosen(Role.ANY)).isEqualTo("head");
        }
        first.close();
        assertThat(chosen(Role.ANY)).isEqualTo("head");
        second.close();
        requireCode(
                ErrorCode.APPLICATION_UNREACHABLE, () -> patroni().choose(Role.ANY, within(Duration.ofMillis(600))));
    }

    @Test
    void duringAFailoverItIsWaitedForTheNewLeader() {
        first.says(member("a", "leader", "stopped", 1, 3, ""), replica("b", 2, "0"))
                .says(replica("b", 2, "0"))
                .says(member("b", "leader", "running", 2, 4, ""), member("a", "replica", "starting", 1, 3, ""));

        Member chosen = patroni().choose(Role.PRIMARY, within(Duration.ofSeconds(30)));

        assertThat(chosen.name()).isEqualTo("b");
        assertThat(chosen.port()).isEqualTo(2);
        assertThat(chosen.timeline()).isEqualTo(4);
        assertThat(chosen.isLeader()).isTrue();
        assertThat(first.asked()).isEqualTo(3);
    }

    @Test
    void anInterruptionEndsTheQuestion() {
        first.says(leader("head", 3));
        Thread.currentThread().interrupt();
        try {
            requireCode(ErrorCode.CANCELLED, () -> patroni().choose(Role.ANY, within(Duration.ofSeconds(5))));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void whatCannotBeMeantIsRefusedAtOnce() {
        for (String urls : List.of("", "ftp://h", "https://user@h:8008", "https://h/path", "h:8008")) {
            requireCode(ErrorCode.APPLICATION_URL_MALFORMED, () -> Patroni.of(urls, "", "1", TIME));
        }
        requireCode(ErrorCode.APPLICATION_URL_MALFORMED, () -> Patroni.of("http://h:8008", "", "16MB", TIME));
    }

    @Test
    void aBackupGoesToTheMemberThatPatroniNamesAndKeepsTheNameOfTheCluster() {
        try (var pair = new StreamingPair(TestServers.bundled(), Map.of())) {
            int primary = pair.primary().port();
            int standby = pair.standby().port();
            first.says(leader("a", primary), replica("b", standby, "0"));
            URI cluster = URI.create("postgresql://postgres:" + pair.primary().password() + "@ehr:5432/postgres");
            Connection connection = Connection.to(cluster).with("patroni", first.url());

            assertThat(found(connection)).containsEntry("patroni_member", "a").containsEntry("in_recovery", "false");
            assertThat(found(connection.with("role", "standby")))
                    .containsEntry("patroni_member", "b")
                    .containsEntry("in_recovery", "true");
            // The roles change, and Patroni's word is older than that.
            first.anew().says(leader("b", standby));
            assertThat(unready(connection.with("role", "primary"))).containsExactly("role");
            first.anew().says(leader("c", 0));
            requireCode(ErrorCode.APPLICATION_FAILED, () -> found(connection));
        }
    }

    private static Map<String, String> found(Connection connection) {
        try (Application application = new PostgresProvider().open(connection, TestCluster.OUTSIDE)) {
            Discovery discovery = application.discover(TestCluster.soon());
            assertThat(application.address()).isEqualTo("postgresql://ehr:5432");
            return discovery.facts();
        }
    }

    private static List<String> unready(Connection connection) {
        try (Application application = new PostgresProvider().open(connection, TestCluster.OUTSIDE)) {
            application.discover(TestCluster.soon());
            return application.check(TestCluster.soon()).stream()
                    .filter(check -> !check.ok())
                    .map(Readiness::name)
                    .toList();
        }
    }

    @Test
    void overTlsOnlyTheAuthorityThatWasNamedIsTrusted() throws IOException, GeneralSecurityException {
        try (FakePatroni secure = FakePatroni.start(selfSigned())) {
            secure.says(leader("head", 3));
            Patroni pinned = Patroni.of(secure.url(), temp.resolve("ca.pem").toString(), "1", TIME);
            assertThat(pinned.choose(Role.ANY, within(Duration.ofSeconds(20))).name())
                    .isEqualTo("head");
            Patroni unpinned = Patroni.of(secure.url(), "", "1", TIME);
            requireCode(
                    ErrorCode.APPLICATION_UNREACHABLE, () -> unpinned.choose(Role.ANY, within(Duration.ofMillis(600))));
        }
        Path empty = Files.writeString(temp.resolve("empty.pem"), "");
        for (Path wrong : List.of(empty, temp.resolve("nothing.pem"))) {
            Patroni unusable = Patroni.of("https://127.0.0.1:1", wrong.toString(), "1", TIME);
            requireCode(
                    ErrorCode.CREDENTIAL_UNREADABLE, () -> unusable.choose(Role.ANY, within(Duration.ofSeconds(1))));
        }
    }

    private SSLContext selfSigned() throws IOException, GeneralSecurityException {
        String store = temp.resolve("store.p12").toString();
        keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "SAN=ip:127.0.0.1", store);
        keytool("-exportcert", "-rfc", "-file", temp.resolve("ca.pem").toString(), store);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(store))) {
            keys.load(in, "changeit".toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** The last word is the key store. */
    private static void keytool(String... words) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/keytool");
        command.addAll(List.of(words).subList(0, words.length - 1));
        command.addAll(List.of("-alias", "me", "-keystore", words[words.length - 1], "-storepass", "changeit"));
        assertThat(Processes.system().run(Command.of(command)).succeeded()).isTrue();
    }
}
