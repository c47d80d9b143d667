package org.medbackup.notify.snmp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.notify.ChannelProvider;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.testkit.ChannelContract;
import org.medbackup.testkit.LocalServer;
import org.medbackup.testkit.SilentServer;

/** Net-SNMP's snmptrapd, with users of all the protocols that it knows. */
class SnmpTest implements ChannelContract {

    private static final String AUTH = "canary-auth";
    private static final String PRIV = "canary-priv";
    private static final String OBJECTS = ".1.3.6.1.4.1.32473.1.1.";
    private static final Pattern BINDING = Pattern.compile("(\\.1\\.3\\.6[.\\d]+) = ([A-Za-z-]+): ");

    @TempDir
    Path temp;

    private final SilentServer silent = SilentServer.start();
    private LocalServer snmptrapd;
    private int port;

    @BeforeEach
    void startSnmptrapd() throws IOException {
        Path program = LocalServer.program("snmptrapd");
        Path config = Files.writeString(temp.resolve("snmptrapd.conf"), """
                createUser backup SHA-256 %1$s AES %2$s
                createUser sha-224 SHA-224 %1$s AES %2$s
                createUser sha-384 SHA-384 %1$s AES %2$s
                createUser sha-512 SHA-512 %1$s AES %2$s
                authUser log,execute,net backup authpriv
                authUser log,execute,net sha-224 authpriv
                authUser log,execute,net sha-384 authpriv
                authUser log,execute,net sha-512 authpriv
                """.formatted(AUTH, PRIV));
        port = SilentServer.absentPort();
        snmptrapd = LocalServer.start(
                temp.resolve("log"),
                Command.of(
                                program.toString(),
                                "-f",
                                "-C",
                                "-c",
                                config.toString(),
                                "-m",
                                "",
                                "-On",
                                "-Ox",
                                "-F",
                                "INFORM\t%v\n",
                                "-Lf",
                                temp.resolve("received").toString(),
                                "udp:127.0.0.1:" + port)
                        .with("SNMP_PERSISTENT_DIR", temp.resolve("kept").toString()),
                () -> received().contains("NET-SNMP version"));
    }

    @AfterEach
    void stop() {
        if (snmptrapd != null) {
            snmptrapd.close();
        }
        silent.close();
    }

    private String received() {
        return LocalServer.text(temp.resolve("received"));
    }

    /** What snmptrapd has understood of each: the values by their OIDs, text as it came in hexadecimal. */
    private List<Map<String, String>> informs() {
        return Arrays.stream(received().split("INFORM\t", -1))
                .skip(1)
                .map(SnmpTest::bindings)
                .toList();
    }

    private static Map<String, String> bindings(String inform) {
        Map<String, String> bindings = new TreeMap<>();
        Matcher found = BINDING.matcher(inform);
        int end = -1;
        String oid = "";
        boolean hex = false;
        while (true) {
            boolean more = found.find();
            if (end >= 0) {
                String value = inform.substring(end, more ? found.start() : inform.length())
                        .strip();
                bindings.put(
                        oid,
                        hex
                                ? value.replaceAll("\\s", "")
                                : value.lines().findFirst().orElse("").strip());
            }
            if (!more) {
                return bindings;
            }
            oid = found.group(1);
            hex = found.group(2).equals("Hex-STRING");
            end = found.end();
        }
    }

    private static byte[] bytes(Map<String, String> inform, int object) {
        String hex = inform.getOrDefault(OBJECTS + object + ".0", "");
        return hex.matches("([0-9A-F]{2})*") ? HexFormat.of().parseHex(hex) : new byte[0];
    }

    private static String text(Map<String, String> inform, int object) {
        return new String(bytes(inform, object), UTF_8);
    }

    private static Instant moment(Map<String, String> inform, int object) {
        byte[] date = bytes(inform, object);
        assertThat(date).hasSize(11);
        assertThat(Arrays.copyOfRange(date, 8, 11)).isEqualTo(new byte[] {'+', 0, 0});
        int year = (date[0] & 0xff) * 256 + (date[1] & 0xff);
        return LocalDateTime.of(year, date[2], date[3], date[4], date[5], date[6], date[7] * 100_000_000)
                .toInstant(ZoneOffset.UTC);
    }

    private static Connection at(int port, String auth, String priv, int seconds) {
        return new Connection(
                URI.create("snmp://127.0.0.1:" + port),
                new TreeMap<>(Map.of("user", "backup", "timeout", Integer.toString(seconds))),
                Map.of("authPassword", Secret.ofText(auth), "privPassword", Secret.ofText(priv)));
    }

    @Override
    public ChannelProvider provider() {
        return new SnmpProvider();
    }

    @Override
    public Connection taking() {
        return at(port, AUTH, PRIV, 20);
    }

    @Override
    public List<String> arrived(String incident) {
        LocalServer.await(() -> !titles(incident).isEmpty());
        return titles(incident);
    }

    private List<String> titles(String incident) {
        return informs().stream()
                .filter(inform -> text(inform, 1).equals(incident))
                .map(inform -> text(inform, 4))
                .toList();
    }

    @Override
    public int count() {
        return informs().size();
    }

    @Override
    public Connection refusing() {
        return taking().with("user", "nobody");
    }

    @Override
    public Connection silent() {
        return at(silent.port(), AUTH, PRIV, 1);
    }

    @Override
    public Connection absent() {
        return at(SilentServer.absentPort(), AUTH, PRIV, 2);
    }

    @Override
    public List<String> secrets() {
        return List.of("canary");
    }

    private void send(Connection connection, Notification told) {
        try (NotificationChannel channel = provider().open(connection, TimeSource.system())) {
            assertThat(channel.send(told)).isEmpty();
        }
    }

    private static Notification some(Kind kind) {
        return ChannelContract.notification("target-1", kind, Severity.CRITICAL, "No answer – ä");
    }

    private BackupException failure(Connection connection) {
        try {
            send(connection, some(Kind.OPENED));
        } catch (BackupException failed) {
            return failed;
        }
        throw new AssertionError("nothing failed");
    }

    @Test
    void aReceiverReadsEachObjectOfTheMib() {
        Notification told = some(Kind.OPENED);
        send(taking(), told);
        arrived("target-1");
        Map<String, String> inform = informs().getFirst();
        assertThat(inform).containsEntry(".1.3.6.1.6.3.1.1.4.1.0", ".1.3.6.1.4.1.32473.1.0.1");
        assertThat(inform.get(OBJECTS + "2.0")).isEqualTo("4");
        assertThat(text(inform, 3)).isEqualTo("target-unreachable");
        assertThat(text(inform, 4)).isEqualTo("No answer – ä");
        assertThat(text(inform, 5)).isEqualTo("ward-3.clinic.example");
        assertThat(text(inform, 6)).isEqualTo("archive");
        assertThat(text(inform, 7)).isEqualTo("laboratory,pacs");
        assertThat(moment(inform, 8)).isEqualTo(told.since());
        assertThat(moment(inform, 9)).isEqualTo(told.time());
        assertThat(text(inform, 10)).isEqualTo(told.tried());
        assertThat(text(inform, 11)).isEqualTo(told.remedy());
        assertThat(moment(inform, 12)).isEqualTo(told.protectedUntil());
        assertThat(moment(inform, 13)).isEqualTo(told.next());
    }

    @Test
    void eachKindIsANotificationOfItsOwn() {
        for (Kind kind : Kind.values()) {
            send(taking(), some(kind));
        }
        assertThat(LocalServer.await(() -> count() == 5)).isTrue();
        assertThat(informs().stream().map(inform -> inform.get(".1.3.6.1.6.3.1.1.4.1.0")))
                .containsExactly(
                        ".1.3.6.1.4.1.32473.1.0.1",
                        ".1.3.6.1.4.1.32473.1.0.2",
                        ".1.3.6.1.4.1.32473.1.0.3",
                        ".1.3.6.1.4.1.32473.1.0.4",
                        ".1.3.6.1.4.1.32473.1.0.5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha-224", "sha-384", "sha-512"})
    void otherHashesAreAsGood(String auth) {
        send(taking().with("user", auth).with("auth", auth), some(Kind.OPENED));
        assertThat(arrived("target-1")).hasSize(1);
    }

    @Test
    void whatTheReceiverDoesNotTakeIsNamedByItsOption() {
        BackupException unknown = failure(refusing());
        assertThat(unknown.code()).isEqualTo(ErrorCode.NOTIFICATION_REFUSED);
        assertThat(unknown.describe()).contains("user");
        for (Connection wrong : List.of(at(port, "canary-wrong", PRIV, 2), at(port, AUTH, "canary-wrong", 2))) {
            BackupException unread = failure(wrong);
            assertThat(unread.code()).isIn(ErrorCode.NOTIFICATION_REFUSED, ErrorCode.NOTIFICATION_UNDELIVERED);
            assertThat(unread.describe()).containsIgnoringCase("password");
        }
        assertThat(count()).isZero();
    }

    @Test
    void whatCannotBeMeantIsRefusedAtOnceAndNotShown() {
        for (Connection wrong : List.of(
                at(port, "canary", PRIV, 1),
                at(port, AUTH, "canary", 1),
                taking().with("user", ""),
                taking().with("user", "u".repeat(33)),
                taking().with("auth", "md5"),
                taking().with("priv", "des"),
                new Connection(URI.create("snmp://127.0.0.1/x"), taking().options(), taking().secrets()))) {
            BackupException failed = failure(wrong);
            assertThat(failed.code()).isEqualTo(ErrorCode.CHANNEL_INVALID);
            assertThat(failed.toCaller()).doesNotContain("canary");
        }
    }
}
