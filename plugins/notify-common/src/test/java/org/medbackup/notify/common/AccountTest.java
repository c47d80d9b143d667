package org.medbackup.notify.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.spi.notify.Severity;

class AccountTest {

    private static final Instant NOW = Instant.parse("2026-11-26T02:10:00Z");
    private static final ZoneId UTC = ZoneId.of("UTC");

    private static Notification told(
            Kind kind, List<String> members, @Nullable Instant protectedUntil, String tried, @Nullable Instant next) {
        return new Notification(
                "target-unreachable-7f3a",
                kind,
                Severity.CRITICAL,
                "target-unreachable",
                "The backup target does not answer",
                "ward-3",
                "archive",
                members,
                NOW.minusSeconds(7800),
                NOW,
                protectedUntil,
                tried,
                next,
                "Start it: `systemctl start minio`.");
    }

    @Test
    void everythingThatIsAskedAtNightIsSaidInItsOrder() {
        Account account = Account.of(
                told(
                        Kind.OPENED,
                        List.of("pacs", "laboratory"),
                        NOW.plusSeconds(12_000),
                        "It was asked 14 times.",
                        NOW.plusSeconds(300)),
                ZoneId.of("Europe/Berlin"));
        assertThat(account.headline()).isEqualTo("[CRITICAL] The backup target does not answer");
        assertThat(account.text()).isEqualTo("""
                        What failed  The backup target does not answer
                        Where        archive on ward-3
                        State        New.
                        Held up      laboratory, pacs
                        Since        2026-11-26 01:00 CET (2 h 10 min ago)
                        Protected    As agreed until 2026-11-26 06:30 CET (in 3 h 20 min); later, more would be lost than was agreed.
                        Tried        It was asked 14 times.
                        Next try     2026-11-26 03:15 CET (in 5 min)
                        What to do   Start it: `systemctl start minio`.
                        Incident     target-unreachable-7f3a, target-unreachable
                        """);
    }

    @Test
    void whatIsNotKnownOrNotTriedIsSaidToo() {
        String text =
                Account.of(told(Kind.REMINDED, List.of(), null, " ", null), UTC).text();
        assertThat(text)
                .contains("Still there.", "Not at risk, or not known.", "Nothing, without a person.")
                .contains("None: it waits for a person.")
                .doesNotContain("Held up");
        String late = Account.of(told(Kind.RAISED, List.of(), NOW.minusSeconds(30), "", null), UTC)
                .text();
        assertThat(late)
                .contains("No longer as agreed, since 2026-11-26 02:09 UTC (30 s ago).", "More urgent than it was.");
        String days = Account.of(told(Kind.OPENED, List.of(), NOW.plusSeconds(180_000), "", null), UTC)
                .text();
        assertThat(days).contains("(in 2 days 2 h)");
    }

    @Test
    void whatIsOverAsksForNothing() {
        Account over = Account.of(told(Kind.RESOLVED, List.of("pacs"), NOW, "Asked again.", NOW), UTC);
        assertThat(over.headline()).startsWith("[RESOLVED] ");
        assertThat(over.text()).contains("Over: it works again.").doesNotContain("What to do", "Next try", "Protected");
        Account taken = Account.of(told(Kind.ACKNOWLEDGED, List.of(), null, "", null), UTC);
        assertThat(taken.headline()).startsWith("[ACKNOWLEDGED] ");
        assertThat(taken.text()).contains("Somebody takes care of it.");
    }

    @Test
    void manyMembersAreCountedAndLongTextIsShortened() {
        List<String> members = IntStream.range(100, 150)
                .mapToObj(i -> "job-" + i + "\n" + "x".repeat(200))
                .toList();
        Account account = Account.of(told(Kind.OPENED, members, null, "t".repeat(9000), null), UTC);
        assertThat(account.lines())
                .allSatisfy(line -> assertThat(line.text().length()).isLessThanOrEqualTo(2000));
        String heldUp = account.lines().stream()
                .filter(line -> line.label().equals("Held up"))
                .findFirst()
                .orElseThrow()
                .text();
        assertThat(heldUp).contains("job-100 x", "job-118").endsWith("…");
        Account few = Account.of(
                told(
                        Kind.OPENED,
                        List.copyOf(
                                IntStream.range(10, 35).mapToObj(i -> "j" + i).toList()),
                        null,
                        "",
                        null),
                UTC);
        assertThat(few.text()).contains("j29 and 5 more").doesNotContain("j30");
    }
}
