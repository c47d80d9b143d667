package org.medbackup.store.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.store.sftp.TestStores.environment;
import static org.medbackup.store.sftp.TestStores.failure;
import static org.medbackup.store.sftp.TestStores.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.testkit.SftpServer;

/** Who is let in, and what is used for it, at a real OpenSSH server. */
class LoginTest {

    @TempDir
    Path temp;

    private SftpServer server;

    @BeforeEach
    void startServer() throws Exception {
        server = SftpServer.start(temp.resolve("server"));
        Files.createDirectories(temp.resolve("home/.ssh"));
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private String location(String options) {
        return server.location(temp.resolve("store")).replaceFirst("\\?.*", options);
    }

    private Path home() {
        return temp.resolve("home");
    }

    private Environment with(Map<String, String> variables) {
        return environment(variables, home());
    }

    private String known() {
        return "?known-hosts=" + server.knownHosts();
    }

    private BackupException refused(ErrorCode code, String location, Environment environment) {
        try (SftpStore store = store(location, environment)) {
            BackupException failure = failure(code, store::isEmpty);
            assertThat(failure.describe())
                    .doesNotContain("canary", home().toString(), server.key().toString(), "PRIVATE");
            assertThat(failure).hasNoCause();
            return failure;
        }
    }

    private static void admitted(String location, Environment environment) {
        try (SftpStore store = store(location, environment)) {
            assertThat(store.isEmpty()).isTrue();
        }
    }

    private static void makeKey(Path file, String kind, String passphrase) {
        assertThat(Processes.system()
                        .run(Command.of(
                                "ssh-keygen",
                                "-q",
                                "-t",
                                kind,
                                "-N",
                                passphrase,
                                "-C",
                                "canary",
                                "-f",
                                file.toString()))
                        .succeeded())
                .isTrue();
    }

    private void authorize(Path key) throws Exception {
        Files.writeString(
                temp.resolve("server/authorized_keys"),
                Files.readString(key.resolveSibling(key.getFileName() + ".pub")),
                StandardOpenOption.APPEND);
    }

    @Test
    void keyAndKnownHostsAreTakenFromTheEnvironmentOrFromTheirUsualPlaces() throws Exception {
        admitted(
                location(""),
                with(Map.of(
                        Environment.KEY,
                        server.key().toString(),
                        Environment.KNOWN_HOSTS,
                        server.knownHosts().toString())));
        Files.copy(server.key(), home().resolve(".ssh/id_ed25519"));
        Files.setPosixFilePermissions(home().resolve(".ssh/id_ed25519"), PosixFilePermissions.fromString("r--------"));
        Files.copy(server.knownHosts(), home().resolve(".ssh/known_hosts"));

        admitted(location(""), with(Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa", "ecdsa", "ed25519"})
    void keysOfEachKindOpenTheDoor(String kind) throws Exception {
        Path key = temp.resolve("of-" + kind);
        makeKey(key, kind, "");
        authorize(key);

        admitted(location(known()) + "&key=" + key, with(Map.of()));
    }

    @Test
    void aKeyThatOthersMayReadIsNotUsed() throws Exception {
        Files.setPosixFilePermissions(server.key(), PosixFilePermissions.fromString("rw-r-----"));

        BackupException failure = refused(
                ErrorCode.CREDENTIAL_UNREADABLE,
                location(known()),
                with(Map.of(Environment.KEY, server.key().toString())));

        assertThat(failure.describe()).contains(Environment.KEY, "open to others");
        assertThat(failure.remedy()).contains("0600");
    }

    @Test
    void aKeyThatIsAbsentHasAPassphraseOrIsNoneIsSaidToBeUnusable() throws Exception {
        Path key = temp.resolve("locked");
        makeKey(key, "ed25519", "canary-passphrase");
        refused(ErrorCode.CREDENTIAL_UNREADABLE, location(known()) + "&key=" + key, with(Map.of()));
        refused(ErrorCode.CREDENTIAL_UNREADABLE, location(known()) + "&key=" + key + "-absent", with(Map.of()));
        Path none = Files.writeString(temp.resolve("none"), "canary");
        Files.setPosixFilePermissions(none, PosixFilePermissions.fromString("rw-------"));
        refused(ErrorCode.CREDENTIAL_UNREADABLE, location(known()) + "&key=" + none, with(Map.of()));
    }

    @Test
    void withoutAnyCredentialNothingIsTried() {
        BackupException failure = refused(ErrorCode.STORE_DENIED, location(known()), with(Map.of()));

        assertThat(failure.context()).containsEntry("cause", "credentials");
    }

    @Test
    void anotherAccountAnotherKeyAndAPasswordAreNotLetIn() throws Exception {
        Path key = temp.resolve("other");
        makeKey(key, "ed25519", "");
        String there = location(known());

        refused(ErrorCode.STORE_DENIED, there + "&key=" + key, with(Map.of()));
        refused(ErrorCode.STORE_DENIED, there, with(Map.of(Environment.PASSWORD, "canary-password")));
        refused(
                ErrorCode.STORE_DENIED,
                there.replaceFirst("//[^@]*@", "//nobody-of-this-name@") + "&key=" + server.key(),
                with(Map.of()));
    }

    @Test
    void aHostKeyThatIsNotKnownIsRefusedAndNotRemembered() throws Exception {
        Path known = Files.createFile(temp.resolve("known"));
        String there = location("?key=" + server.key());

        BackupException failure = refused(ErrorCode.HOST_KEY_UNKNOWN, there + "&known-hosts=" + known, with(Map.of()));
        refused(ErrorCode.HOST_KEY_UNKNOWN, there, with(Map.of()));
        refused(ErrorCode.HOST_KEY_UNKNOWN, there + "&known-hosts=" + temp, with(Map.of()));

        assertThat(failure.remedy()).contains("fingerprint", "known_hosts");
        assertThat(known).isEmptyFile();
        assertThat(home().resolve(".ssh")).isEmptyDirectory();
    }

    @Test
    void theKeyOfAnotherHostOrPortIsNoneOfThisOne() throws Exception {
        String line = Files.readString(server.knownHosts());
        for (String other : new String[] {"127.0.0.1", "[127.0.0.2]:" + server.port(), "[127.0.0.1]:1"}) {
            Path known = Files.writeString(temp.resolve("known"), line.replaceFirst("\\S+", other));
            refused(
                    ErrorCode.HOST_KEY_UNKNOWN,
                    location("?key=" + server.key() + "&known-hosts=" + known),
                    with(Map.of()));
        }
    }

    @Test
    void aHostKeyThatWasChangedIsRefusedAndStaysSo() throws Exception {
        Path known = server.knownHosts();
        makeKey(temp.resolve("before"), "ed25519", "");
        String before = Files.readString(temp.resolve("before.pub"));
        String line = "[127.0.0.1]:" + server.port() + " " + before;
        Files.writeString(known, line);
        String there = location("?key=" + server.key() + "&known-hosts=" + known);

        BackupException failure = refused(ErrorCode.HOST_KEY_CHANGED, there, with(Map.of()));
        refused(ErrorCode.HOST_KEY_CHANGED, there, with(Map.of()));

        assertThat(failure.remedy()).contains("between");
        assertThat(known).hasContent(line.strip());
    }

    @Test
    void aHostKeyThatIsRevokedIsRefusedThoughItIsKnown() throws Exception {
        Path known = server.knownHosts();
        String line = Files.readString(known);
        Files.writeString(known, line + "@revoked * " + line.replaceFirst("\\S+ ", ""));

        refused(ErrorCode.HOST_KEY_CHANGED, location("?key=" + server.key() + "&known-hosts=" + known), with(Map.of()));
    }

    @Test
    void anAuthorityVouchesForNoPlainKey() throws Exception {
        Path known = server.knownHosts();
        Files.writeString(known, "@cert-authority " + Files.readString(known));

        refused(ErrorCode.HOST_KEY_UNKNOWN, location("?key=" + server.key() + "&known-hosts=" + known), with(Map.of()));
    }

    @Test
    void namesThatAreHashedAreKnown() {
        Path known = server.knownHosts();
        assertThat(Processes.system()
                        .run(Command.of("ssh-keygen", "-q", "-H", "-f", known.toString()))
                        .succeeded())
                .isTrue();
        assertThat(known).content().startsWith("|1|").doesNotContain("127.0.0.1");

        admitted(location("?key=" + server.key() + "&known-hosts=" + known), with(Map.of()));
    }

    @Test
    void aHostIsAskedForTheKindOfKeyThatIsKnownOfIt() throws Exception {
        server.close();
        Path folder = temp.resolve("server");
        makeKey(folder.resolve("host_rsa"), "rsa", "");
        Path configuration = folder.resolve("extra");
        Files.writeString(configuration, "HostKey " + folder.resolve("host_rsa") + "\n");
        server = SftpServer.start(folder, "\nInclude " + configuration);
        String[] key = Files.readString(folder.resolve("host_rsa.pub")).split(" ");
        Path known = Files.writeString(
                temp.resolve("known"), "[127.0.0.1]:" + server.port() + " " + key[0] + " " + key[1] + "\n");

        admitted(location("?key=" + server.key() + "&known-hosts=" + known), with(Map.of()));
    }

    @Test
    void theSurroundingsOfTheProcessAreItsVariablesAndWhatAProgramSets() {
        System.setProperty("medbackup.sftp.key", "a");
        System.setProperty("medbackup.sftp.password", " ");
        System.setProperty("medbackup.sftp.knownHosts", "c");
        try {
            Environment process = Environment::ofProcess;
            assertThat(process.set(Environment.KEY)).isEqualTo("a");
            assertThat(process.set(Environment.PASSWORD)).isNull();
            assertThat(process.set(Environment.KNOWN_HOSTS)).isEqualTo("c");
            assertThat(process.set(Environment.HOME)).isEqualTo(System.getProperty("user.home"));
        } finally {
            System.clearProperty("medbackup.sftp.key");
            System.clearProperty("medbackup.sftp.password");
            System.clearProperty("medbackup.sftp.knownHosts");
        }
        assertThat(Environment.ofProcess(Environment.KEY)).isEqualTo(System.getenv(Environment.KEY));
    }

    @Test
    void aLoginPrintsNothingOfWhatItHolds() {
        Login login = Login.of(
                SftpLocation.of(java.net.URI.create("sftp://a@b/c")),
                with(Map.of(Environment.PASSWORD, "canary-password")));

        assertThat(login).hasToString("a login");
    }
}
