package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.RefusedException;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;
import org.medbackup.core.spi.notify.ChannelProvider;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.core.spi.notify.Severity;

/**
 * What every {@link NotificationChannel} has to keep, shown with a real server where there is one. Implemented by the test
 * class of each kind.
 */
public interface ChannelContract {

    /** More than a busy machine takes beside a time limit. */
    Duration SLACK = Duration.ofSeconds(8);

    /** When the notifications of this suite are said: now, since some servers compare with their clock. */
    Instant SAID = TimeSource.system().now().truncatedTo(ChronoUnit.SECONDS);

    /** Under test. */
    ChannelProvider provider();

    /** To a server that takes what it is given; the same one at each call. */
    Connection taking();

    /** The titles under which that server has an incident, in their order; waits until there is one. */
    List<String> arrived(String incident);

    /** How many messages that server has, whatever they are. */
    int count();

    /** To a server that answers, and takes nothing from us. */
    Connection refusing();

    /** To a server that takes the connection and says nothing, with a time limit of one second. */
    Connection silent();

    /** To where nobody listens, with a time limit of at most two seconds. */
    Connection absent();

    /** What stands in the connections and must be seen nowhere. */
    List<String> secrets();

    /** A plain notification. */
    static Notification notification(String incident, Kind kind, Severity severity, String title) {
        return new Notification(
                incident,
                kind,
                severity,
                "target-unreachable",
                title,
                "ward-3.clinic.example",
                "archive",
                List.of("pacs", "laboratory"),
                SAID.minusSeconds(7800),
                SAID,
                SAID.plusSeconds(12_000),
                "The target was asked 14 times.",
                SAID.plusSeconds(300),
                "Look whether the target runs: `medbackup target probe archive`.");
    }

    private static Notification opened(String incident, String title) {
        return notification(incident, Kind.OPENED, Severity.ERROR, title);
    }

    private NotificationChannel open(Connection connection) {
        return provider().open(connection, TimeSource.system());
    }

    private static BackupException failure(Runnable call) {
        try {
            call.run();
        } catch (BackupException failed) {
            return failed;
        }
        throw new AssertionError("nothing failed");
    }

    private BackupException failureOf(Connection connection) {
        try (NotificationChannel channel = open(connection)) {
            return failure(() -> channel.send(opened("failed-1", "It is not taken")));
        }
    }

    @Test
    default void contractWhatIsHandedOverArrivesAsItWas() {
        String title = "Das Ziel „Archiv“ antwortet nicht: 5 < 6 & \"x\" ] \\ %s ${y} 😀";
        try (NotificationChannel channel = open(taking())) {
            String receipt = channel.send(opened("plain-1", title));
            assertThat(arrived("plain-1")).containsExactly(title);
            assertThat(count()).isEqualTo(1);
            assertThat(receipt).hasSizeLessThan(300).isEqualTo(line(receipt));
        }
    }

    @Test
    default void contractAllOfOneIncidentIsOneThere() {
        String title = "The archive is full";
        try (NotificationChannel channel = open(taking())) {
            channel.send(notification("first-1", Kind.OPENED, Severity.WARNING, title));
            channel.send(notification("second-1", Kind.OPENED, Severity.NOTICE, "Another"));
            channel.send(notification("first-1", Kind.RAISED, Severity.CRITICAL, title));
            channel.send(notification("first-1", Kind.REMINDED, Severity.CRITICAL, title));

            assertThat(arrived("first-1")).isNotEmpty().allMatch(title::equals);
            assertThat(arrived("second-1")).containsExactly("Another");
            channel.send(notification("first-1", Kind.ACKNOWLEDGED, Severity.CRITICAL, title));
            channel.send(notification("first-1", Kind.RESOLVED, Severity.CRITICAL, title));
            assertThat(arrived("second-1")).containsExactly("Another");
        }
    }

    /** What a line of text is where no line break, control character or turn of the direction is left; for comparisons. */
    private static String line(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]", " ")
                .replaceAll("\\p{Cs}", "\ufffd")
                .replaceAll(" +", " ")
                .strip();
    }

    @Test
    default void contractNoTextBreaksOutOfItsPlace() {
        List<String> hostile = List.of(
                "x\r\nBcc: evil@evil.example\r\n\r\nbody",
                "x\nX-Evil: 1\n\n.\nMAIL FROM:<evil@evil.example>",
                "x\r\n.\r\nQUIT\r\n",
                "x\u0000y\u001b[2Jz\u0007\u007f\u0085",
                "x\u2028y\u2029z\u202egnp.exe",
                "x\ud800y",
                "x]] [evil@1 a=\"b\"] <11>1 - - - - - -",
                "30 <11>1 - - - - - - evil\n30 <11>1 - - - - - - evil",
                "x\"},{\"labels\":{\"alertname\":\"evil\"}}],\"");
        try (NotificationChannel channel = open(taking())) {
            for (int i = 0; i < hostile.size(); i++) {
                String text = hostile.get(i);
                Notification plain = opened("hostile-" + i, text);
                channel.send(new Notification(
                        plain.incident(),
                        plain.kind(),
                        plain.severity(),
                        plain.failure(),
                        text,
                        text,
                        text,
                        List.of(text),
                        plain.since(),
                        plain.time(),
                        plain.protectedUntil(),
                        text,
                        plain.next(),
                        text));
            }
            for (int i = 0; i < hostile.size(); i++) {
                List<String> titles = arrived("hostile-" + i);
                assertThat(titles)
                        .hasSize(1)
                        .allSatisfy(title -> assertThat(title.codePoints()).noneMatch(Character::isISOControl));
                assertThat(line(titles.getFirst())).isEqualTo(line(hostile.get(i)));
            }
            assertThat(count()).isEqualTo(hostile.size());
        }
    }

    @Test
    default void contractTheLongestArrivesOrIsShortenedWithAMark() {
        String title = "Longest ä " + "ä😀".repeat(50_000);
        Notification plain = opened("long-1", title);
        try (NotificationChannel channel = open(taking())) {
            channel.send(new Notification(
                    plain.incident(),
                    plain.kind(),
                    plain.severity(),
                    "f".repeat(10_000),
                    title,
                    "h".repeat(10_000),
                    "r".repeat(10_000),
                    IntStream.range(0, 5000).mapToObj(i -> i + "m".repeat(300)).toList(),
                    plain.since(),
                    plain.time(),
                    plain.protectedUntil(),
                    "t".repeat(100_000),
                    plain.next(),
                    "w ".repeat(50_000)));
            String there = arrived("long-1").getFirst();
            assertThat(there).startsWith(title.substring(0, 100));
            assertThat(there.equals(title) || (there.endsWith("…") && title.startsWith(there.replace("…", ""))))
                    .isTrue();
            assertThat(count()).isEqualTo(1);
        }
    }

    @Test
    default void contractSeveralThreadsMayHandOver() throws InterruptedException, ExecutionException {
        try (NotificationChannel channel = open(taking());
                var threads = Executors.newFixedThreadPool(4)) {
            List<Future<String>> sent = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String incident = "thread-" + i;
                Callable<String> send = () -> channel.send(opened(incident, "Of " + incident));
                sent.add(threads.submit(send));
            }
            for (Future<String> each : sent) {
                assertThat(each.get()).isNotNull();
            }
            for (int i = 0; i < 8; i++) {
                assertThat(arrived("thread-" + i)).containsExactly("Of thread-" + i);
            }
        }
    }

    @Test
    default void contractAServerThatDoesNotAnswerIsGivenUpInTime() {
        long started = TimeSource.system().nanos();
        BackupException failed = failureOf(silent());
        assertThat(failed).isInstanceOf(UnavailableException.class);
        assertThat(failed.code()).isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
        assertThat(TimeSource.system().since(started)).isLessThan(SLACK);
    }

    @Test
    default void contractAServerThatIsGoneIsUnavailable() {
        BackupException failed = failureOf(absent());
        assertThat(failed).isInstanceOf(UnavailableException.class);
        assertThat(failed.code()).isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
    }

    @Test
    default void contractAServerThatRefusesIsSaidTo() {
        BackupException failed = failureOf(refusing());
        assertThat(failed).isInstanceOf(RefusedException.class);
        assertThat(failed.code()).isEqualTo(ErrorCode.NOTIFICATION_REFUSED);
    }

    @Test
    default void contractWhoIsInterruptedStops() {
        try (NotificationChannel channel = open(silent())) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> channel.send(opened("interrupted-1", "x"))).isInstanceOf(CancelledException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    default void contractNoSecretIsSeen() {
        assertThat(secrets()).isNotEmpty();
        for (Connection each : List.of(taking(), silent(), absent(), refusing())) {
            var seen = new StringWriter();
            try (NotificationChannel channel = open(each)) {
                seen.append(channel.description()).append(channel.toString());
                assertThat(channel.description()).isNotBlank().doesNotContain("@");
                try {
                    channel.send(opened("secret-1", "x"));
                } catch (BackupException failed) {
                    seen.append(failed.toCaller());
                    failed.printStackTrace(new PrintWriter(seen));
                }
            }
            assertThat(seen.toString()).doesNotContain(secrets());
        }
    }

    @Test
    default void contractWhatCannotBeMeantIsRefusedAtOnce() {
        Connection right = taking();
        String kind = right.address().getScheme();
        for (Connection wrong : List.of(
                right.with("unheard-of", "x"),
                right.with("timeout", "soon"),
                right.with("timeout", "0"),
                at(right, kind + ":nowhere"),
                at(right, kind + "://me@127.0.0.1/"),
                at(right, kind + "://127.0.0.1:0/"),
                at(right, kind + "://127.0.0.1/#x"))) {
            BackupException failed = failure(() -> open(wrong).close());
            assertThat(failed.code()).as(wrong.toString()).isEqualTo(ErrorCode.CHANNEL_INVALID);
            assertThat(failed.toCaller()).doesNotContain(secrets());
        }
    }

    private static Connection at(Connection like, String address) {
        return new Connection(URI.create(address), like.options(), like.secrets());
    }

    @Test
    default void contractItIsFoundByItsKind() {
        Connection taking = taking();
        assertThat(provider().kinds()).contains(taking.address().getScheme());
        assertThat(provider().options())
                .extracting(ConnectionOption::name)
                .doesNotHaveDuplicates()
                .containsAll(taking.options().keySet())
                .containsAll(taking.secrets().keySet());
        assertThat(ServiceLoader.load(ChannelProvider.class).stream()
                        .map(found -> found.type().getName()))
                .contains(provider().getClass().getName());
    }

    @Test
    default void contractClosingTwiceIsClosing() {
        NotificationChannel channel = open(taking());
        channel.close();
        channel.close();
        assertThat(channel.description()).isNotBlank();
    }
}
