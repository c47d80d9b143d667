package org.medbackup.notify.syslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.PlainText;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.core.syslog.SyslogMessage;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;

class MessageTest {

    private static final Instant NOW = Instant.parse("2026-11-26T02:10:00.1234567Z");

    private static Notification told(Kind kind, Severity severity, String text) {
        return new Notification(
                "target-1",
                kind,
                severity,
                "target-unreachable",
                text,
                "ward-3.clinic.example",
                "archive",
                List.of("pacs", "laboratory"),
                NOW.minusSeconds(7800),
                NOW,
                NOW.plusSeconds(600),
                "Asked 14 times.",
                null,
                "Look at \"archive\" [disk 3\\4].");
    }

    private static Parsed parsed(Notification told) {
        return Parsed.message(Message.of(told, 16, 8192));
    }

    @Test
    void aMessageIsTheOneOfTheManual() {
        byte[] message = Message.of(told(Kind.OPENED, Severity.CRITICAL, "No answer"), 16, 8192);
        assertThat(new String(message, UTF_8))
                .isEqualTo("<130>1 2026-11-26T02:10:00.123Z ward-3.clinic.example medbackup - OPENED "
                        + "[medbackup@32473 incident=\"target-1\" severity=\"critical\""
                        + " failure=\"target-unreachable\" resource=\"archive\" members=\"laboratory,pacs\""
                        + " since=\"2026-11-26T00:00:00.123Z\" protectedUntil=\"2026-11-26T02:20:00.123Z\""
                        + " tried=\"Asked 14 times.\" remedy=\"Look at \\\"archive\\\" [disk 3\\\\4\\].\"]"
                        + " \ufeffNo answer What to do: Look at \"archive\" [disk 3\\4].");
        Parsed parsed = Parsed.frame(SyslogMessage.framed(message));
        assertThat(parsed.parameters()).containsEntry("remedy", "Look at \"archive\" [disk 3\\4].");
        assertThat(parsed.id()).isEqualTo(Message.ID);
    }

    @Test
    void severitiesAreThoseOfSyslog() {
        assertThat(parsed(told(Kind.OPENED, Severity.CRITICAL, "x")).priority()).isEqualTo(16 * 8 + 2);
        assertThat(parsed(told(Kind.RAISED, Severity.ERROR, "x")).priority()).isEqualTo(16 * 8 + 3);
        assertThat(parsed(told(Kind.REMINDED, Severity.WARNING, "x")).priority())
                .isEqualTo(16 * 8 + 4);
        assertThat(parsed(told(Kind.ACKNOWLEDGED, Severity.NOTICE, "x")).priority())
                .isEqualTo(16 * 8 + 5);
        Parsed over = parsed(told(Kind.RESOLVED, Severity.CRITICAL, "x"));
        assertThat(over.priority()).isEqualTo(16 * 8 + 5);
        assertThat(over.text()).isEqualTo("x (over)");
        assertThat(over.header().getLast()).isEqualTo("RESOLVED");
    }

    @Test
    void whatIsNotKnownIsLeftOut() {
        var bare = new Notification(
                "i", Kind.OPENED, Severity.NOTICE, "", "", "ä b", "", List.of(), NOW, NOW, null, " ", null, "");
        Parsed parsed = parsed(bare);
        assertThat(parsed.parameters()).containsOnlyKeys("incident", "severity", "since");
        assertThat(parsed.header().get(1)).isEqualTo("b");
        var nameless = new Notification(
                "i", Kind.OPENED, Severity.NOTICE, "", "", "ä", "", List.of(), NOW, NOW, null, "", null, "");
        assertThat(parsed(nameless).header().get(1)).isEqualTo("-");
    }

    @Test
    void manyMembersAreCounted() {
        var many = new Notification(
                "i",
                Kind.OPENED,
                Severity.NOTICE,
                "f",
                "t",
                "h",
                "r",
                IntStream.range(10, 50).mapToObj(i -> "j" + i).toList(),
                NOW,
                NOW,
                null,
                "",
                null,
                "");
        assertThat(parsed(many).parameters().get("members")).startsWith("j10,").endsWith(",j29 and 20 more");
    }

    static LongStream seeds() {
        return Seeds.of(300);
    }

    private static String text(SeededRandom random) {
        String some = random.text(random.geometric(60));
        String all = random.oneIn(3) ? some + "]\"\\\r\n<1>1 \u2028".repeat(random.below(200)) : some;
        return random.oneIn(20) ? all.repeat(100) : all;
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void whateverIsToldIsOneWellFormedMessageOfItsLength(long seed) {
        var random = SeededRandom.of(seed);
        var told = new Notification(
                text(random),
                random.pick(Kind.values()),
                random.pick(Severity.values()),
                text(random),
                text(random),
                text(random),
                text(random),
                List.of(text(random), text(random)),
                NOW,
                NOW,
                random.nextBoolean() ? NOW : null,
                text(random),
                random.nextBoolean() ? NOW : null,
                text(random));
        int most = random.between(480, 9000);
        byte[] message = Message.of(told, 23, most);

        assertThat(message).hasSizeLessThanOrEqualTo(most);
        Parsed parsed = Parsed.frame(SyslogMessage.framed(message));
        String whole = PlainText.oneLine(told.title(), 800)
                + (told.kind() == Kind.RESOLVED ? " (over)" : " What to do: " + PlainText.oneLine(told.remedy()));
        if (!parsed.text().equals(whole)) {
            assertThat(parsed.text()).endsWith("…");
            assertThat(whole)
                    .startsWith(parsed.text().substring(0, parsed.text().length() - 1));
        }
        String incident = PlainText.oneLine(told.incident());
        if (!incident.isBlank()) {
            assertThat(incident)
                    .startsWith(
                            parsed.parameters().getOrDefault("incident", "none").replace("…", ""));
        }
    }
}
