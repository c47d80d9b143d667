package org.medbackup.app.postgresql.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ApplicationLog.Base;
import org.medbackup.core.spi.app.ApplicationLog.Gap;
import org.medbackup.core.spi.app.LogArchive.LogEntry;
import org.medbackup.core.spi.app.LogReplay;
import org.medbackup.core.spi.app.RecoveryTarget;

/** Which backup and which log a recovery takes, what is missing, and what nobody needs any more. Segments of 1 MiB. */
class PlanningTest {

    private static final int SIZE = 1 << 20;
    private static final String SYSTEM = "7400000000000000001";
    private static final Branch FIRST = new Branch(SYSTEM, 1, "");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String SECOND_HISTORY = "1\t0/A80000\tno recovery target specified\n";
    private static final Branch SECOND = new Branch(SYSTEM, 2, WalHistory.digest(SECOND_HISTORY));
    private static final String OTHER_HISTORY = "1\t0/980000\tno recovery target specified\n";
    private static final Branch OTHER = new Branch(SYSTEM, 2, WalHistory.digest(OTHER_HISTORY));

    private final List<LogEntry> entries = new ArrayList<>();

    /** A segment in whose last second a transaction ended, one segment a minute. */
    private static LogEntry segment(Branch branch, long number) {
        var facts = new TreeMap<String, String>();
        facts.put(WalScan.SIZE, Integer.toString(SIZE));
        facts.put(WalScan.LAST_RECORD, String.format("0/%X", number * SIZE + SIZE - 64));
        facts.put(WalScan.NEWEST, NOON.plusSeconds(60 * number + 59).toString());
        return entry(branch.named(WalName.segment(branch.timeline(), number, SIZE)), "a", facts);
    }

    private static LogEntry entry(String name, String sha256, Map<String, String> facts) {
        return new LogEntry(name, SIZE, sha256, NOON, new TreeMap<>(facts));
    }

    private static LogEntry history(Branch branch, String text) {
        return entry(branch.named(WalName.history(branch.timeline())), "h", Map.of(ArchivedLog.HISTORY, text));
    }

    private void segments(Branch branch, long from, long to) {
        for (long number = from; number <= to; number++) {
            entries.add(segment(branch, number));
        }
        entries.sort(java.util.Comparator.comparing(LogEntry::name));
    }

    /** A backup within one segment. */
    private static Base base(String id, int timeline, long segment, String digest) {
        return new Base(
                id,
                NOON,
                Map.of(
                        "system_identifier",
                        SYSTEM,
                        "timeline",
                        Integer.toString(timeline),
                        BaseBackup.DIGEST,
                        digest,
                        "wal_segment_size",
                        Integer.toString(SIZE),
                        "start_lsn",
                        String.format("0/%X", segment * SIZE + 40),
                        "stop_lsn",
                        String.format("0/%X", segment * SIZE + 0x400),
                        "stop_time",
                        NOON.plusSeconds(60 * segment + 30).toString()));
    }

    private LogReplay plan(RecoveryTarget target, String timeline, Base... bases) {
        return ReplayPlan.of(List.of(bases), entries, target, timeline);
    }

    private static RecoveryTarget minute(long minutes) {
        return new RecoveryTarget.AtTime(NOON.plusSeconds(60 * minutes));
    }

    private static BackupException fails(ErrorCode code, ThrowingCallable call) {
        var caught = new ArrayList<BackupException>();
        assertThatThrownBy(call).isInstanceOfSatisfying(BackupException.class, failure -> {
            assertThat(failure.code()).isEqualTo(code);
            caught.add(failure);
        });
        return caught.getFirst();
    }

    private static List<String> names(LogReplay replay) {
        return replay.parts().stream().map(LogReplay.Part::as).toList();
    }

    private static String name(int timeline, long number) {
        return WalName.segment(timeline, number, SIZE);
    }

    @Test
    void theNewestBackupBeforeTheTimeIsTakenAndTheLogUpToTheFirstLaterTransaction() {
        segments(FIRST, 1, 12);

        LogReplay replay = plan(minute(9), "", base("old", 1, 2, ""), base("good", 1, 6, ""), base("late", 1, 9, ""));

        assertThat(replay.base()).isEqualTo("good");
        assertThat(replay.timeline()).isEqualTo("1");
        assertThat(names(replay)).containsExactly(name(1, 6), name(1, 7), name(1, 8), name(1, 9));
    }

    @Test
    void aPositionANameAndTheNewestAreFound() {
        segments(FIRST, 1, 5);
        var facts = new TreeMap<>(segment(FIRST, 6).facts());
        facts.put(WalScan.POINT + "before the update", "0/680000");
        entries.add(entry(FIRST.named(name(1, 6)), "a", facts));
        Base base = base("base", 1, 2, "");

        assertThat(names(plan(new RecoveryTarget.AtPosition("0/380000"), "", base)))
                .containsExactly(name(1, 2), name(1, 3));
        assertThat(names(plan(new RecoveryTarget.AtName("before the update"), "", base)))
                .endsWith(name(1, 6));
        assertThat(names(plan(new RecoveryTarget.Newest(), "", base))).hasSize(5);
        assertThat(names(plan(new RecoveryTarget.BackupEnd(), "", base))).isEmpty();
        fails(ErrorCode.USAGE, () -> plan(new RecoveryTarget.AtPosition("here"), "", base));
    }

    @Test
    void whatCannotBeReachedIsSaidBeforeAnythingIsWritten() {
        segments(FIRST, 1, 5);
        Base base = base("base", 1, 2, "");

        fails(ErrorCode.RECOVERY_TARGET_UNREACHABLE, () -> plan(minute(1), "", base));
        fails(ErrorCode.RECOVERY_TARGET_UNREACHABLE, () -> plan(minute(30), "", base));
        fails(ErrorCode.RECOVERY_TARGET_UNREACHABLE, () -> plan(new RecoveryTarget.AtName("never"), "", base));
        fails(ErrorCode.RECOVERY_TARGET_UNREACHABLE, () -> plan(new RecoveryTarget.AtPosition("0/100000"), "", base));
        fails(ErrorCode.RECOVERY_TARGET_UNREACHABLE, () -> plan(minute(4), "7", base));
        fails(
                ErrorCode.RECOVERY_TARGET_UNREACHABLE,
                () -> plan(minute(4), "", new Base("mute", NOON, Map.of("system_identifier", SYSTEM))));
    }

    @Test
    void aGapIsNamedAndOnlyWhatLiesBeforeItCanBeReached() {
        segments(FIRST, 1, 4);
        segments(FIRST, 7, 12);
        Base base = base("base", 1, 2, "");

        assertThat(LogGaps.in(entries))
                .extracting(Gap::from, Gap::to)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(name(1, 5), name(1, 6)));
        assertThat(names(plan(minute(4), "", base))).endsWith(name(1, 4));
        assertThat(fails(ErrorCode.LOG_INCOMPLETE, () -> plan(minute(8), "", base)))
                .hasMessageContaining(name(1, 5))
                .hasMessageContaining(name(1, 6));
        entries.removeIf(each ->
                each.name().contains(name(1, 8).substring(16)) || each.name().endsWith(name(1, 9)));
        assertThat(fails(ErrorCode.LOG_INCOMPLETE, () -> plan(new RecoveryTarget.Newest(), "", base)))
                .hasMessageContaining("in all 4 files");
        assertThat(plan(new RecoveryTarget.Newest(), "", base("behind", 1, 10, ""), base)
                        .base())
                .isEqualTo("behind");
    }

    @Test
    void aPartOfTheLastSegmentCountsAndThePartsOfWholeOnesAreExpendable() {
        segments(FIRST, 1, 3);
        var facts = segment(FIRST, 4).facts();
        entries.add(entry(FIRST.named(WalName.partial(1, 4, SIZE, 0x8000)), "p", facts));
        entries.add(entry(FIRST.named(WalName.partial(1, 4, SIZE, 0xc000)), "p", facts));
        entries.add(entry(FIRST.named(WalName.partial(1, 3, SIZE, 0xc000)), "p", facts));
        Base base = base("base", 1, 2, "");

        assertThat(plan(new RecoveryTarget.Newest(), "", base).parts().getLast())
                .isEqualTo(new LogReplay.Part(FIRST.named(WalName.partial(1, 4, SIZE, 0xc000)), name(1, 4)));
        assertThat(LogNeeds.expendable(List.of(base), entries))
                .containsExactlyInAnyOrder(
                        FIRST.named(name(1, 1)),
                        FIRST.named(WalName.partial(1, 4, SIZE, 0x8000)),
                        FIRST.named(WalName.partial(1, 3, SIZE, 0xc000)));
        assertThat(LogGaps.in(entries)).isEmpty();
        entries.add(entry(FIRST.named(WalName.partial(1, 6, SIZE, 0xc000)), "p", facts));
        assertThat(LogGaps.in(entries)).extracting(Gap::from).containsExactly(name(1, 4));
    }

    @Test
    void timelinesAreFollowedAndTheSegmentOfTheSwitchComesFromTheNewOne() {
        segments(FIRST, 1, 12);
        segments(SECOND, 10, 14);
        entries.add(history(SECOND, SECOND_HISTORY));
        Base base = base("base", 1, 8, "");

        LogReplay newest = plan(minute(12), "", base);
        assertThat(newest.timeline()).isEqualTo("2");
        assertThat(names(newest))
                .containsExactly("00000002.history", name(1, 8), name(1, 9), name(2, 10), name(2, 11), name(2, 12));
        assertThat(names(plan(minute(12), "1", base)))
                .containsExactly("00000002.history", name(1, 8), name(1, 9), name(1, 10), name(1, 11), name(1, 12));
        // A backup of the old timeline that ended after the switch does not lead to the new one.
        assertThat(plan(minute(13), "2", base("astray", 1, 11, ""), base).base())
                .isEqualTo("base");
        assertThat(plan(minute(13), SECOND.key(), base("own", 2, 11, SECOND.digest()), base)
                        .base())
                .isEqualTo("own");
    }

    @Test
    void aTimelineThatWasUsedTwiceIsNeverMixed() {
        segments(FIRST, 1, 12);
        segments(SECOND, 10, 14);
        segments(OTHER, 9, 12);
        entries.add(history(SECOND, SECOND_HISTORY));
        entries.add(history(OTHER, OTHER_HISTORY));
        Base base = base("base", 1, 8, "");

        assertThat(fails(ErrorCode.APPLICATION_LOG_CONFLICT, () -> plan(minute(11), "", base)))
                .hasMessageContaining(SECOND.key())
                .hasMessageContaining(OTHER.key());
        fails(ErrorCode.APPLICATION_LOG_CONFLICT, () -> plan(minute(11), "2", base));
        LogReplay replay = plan(minute(11), OTHER.key(), base);
        assertThat(replay.parts().stream().map(LogReplay.Part::name))
                .contains(OTHER.named("00000002.history"), OTHER.named(name(2, 9)))
                .noneMatch(each -> each.contains(SECOND.digest()));
        assertThat(LogGaps.in(entries)).isEmpty();
    }

    @Test
    void gapsBetweenTimelinesAndMissingHistoriesAreNamed() {
        segments(FIRST, 1, 8);
        segments(SECOND, 11, 12);

        assertThat(LogGaps.in(entries)).extracting(Gap::from).containsExactly("00000002.history");
        entries.add(history(SECOND, SECOND_HISTORY));

        assertThat(LogGaps.in(entries))
                .extracting(Gap::from, Gap::to)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(name(1, 9), name(1, 9)),
                        org.assertj.core.groups.Tuple.tuple(name(2, 10), name(2, 10)));
    }

    @Test
    void twoContentsOfOneNameAreNamedAndNeverReplayed() {
        segments(FIRST, 1, 6);
        entries.add(5, entry(FIRST.named(name(1, 5)), "b", segment(FIRST, 5).facts()));
        entries.sort(java.util.Comparator.comparing(LogEntry::name));

        assertThat(LogGaps.in(entries)).singleElement().satisfies(gap -> {
            assertThat(gap.from()).isEqualTo(name(1, 5));
            assertThat(gap.why()).contains("two contents");
        });
        fails(ErrorCode.APPLICATION_LOG_CONFLICT, () -> plan(minute(6), "", base("base", 1, 2, "")));
        assertThat(names(plan(minute(4), "", base("base", 1, 2, "")))).endsWith(name(1, 4));
    }

    @Test
    void logBeforeTheOldestKeptBackupIsExpendableOnAllTimelinesAndNothingWithoutABackup() {
        segments(FIRST, 1, 9);
        segments(SECOND, 10, 14);
        entries.add(history(SECOND, SECOND_HISTORY));
        entries.add(segment(new Branch("99", 1, ""), 1));
        entries.add(entry("something else", "x", Map.of()));

        assertThat(LogNeeds.expendable(List.of(), entries)).isEmpty();
        assertThat(LogNeeds.expendable(List.of(base("a", 2, 12, ""), base("b", 1, 3, "")), entries))
                .containsExactlyInAnyOrder(FIRST.named(name(1, 1)), FIRST.named(name(1, 2)));
        assertThat(LogNeeds.expendable(List.of(base("a", 2, 12, "")), entries)).hasSize(11);
        assertThat(LogNeeds.expendable(
                        List.of(base("a", 2, 12, ""), new Base("mute", NOON, Map.of("system_identifier", SYSTEM))),
                        entries))
                .isEmpty();
    }

    @Test
    void aHistoryThatIsNoneIsDamageOfTheArchive() {
        entries.add(history(SECOND, "nonsense"));

        fails(ErrorCode.OBJECT_DAMAGED, () -> LogGaps.in(entries));
    }

    @Test
    void namesOfTheServerAreUnderstoodAndOthersAreNot() {
        assertThat(parsed("000000020000000100000003")).isEqualTo(new WalName(2, WalName.Kind.SEGMENT, 1, 3, -1));
        assertThat(parsed("000000020000000100000003.partial"))
                .isEqualTo(new WalName(2, WalName.Kind.PARTIAL, 1, 3, -1));
        assertThat(parsed("000000020000000100000003.00008000.partial"))
                .isEqualTo(new WalName(2, WalName.Kind.PARTIAL, 1, 3, 0x8000));
        assertThat(parsed("000000020000000100000003.00000028.backup"))
                .isEqualTo(new WalName(2, WalName.Kind.BACKUP, 1, 3, -1));
        assertThat(parsed("0000000A.history")).isEqualTo(new WalName(10, WalName.Kind.HISTORY, 0, 0, -1));
        assertThat(parsed("00000001000000000000000G")).isNull();
        assertThat(parsed("000000010000000000000001.gz")).isNull();
        assertThat(Branch.parse("nothing")).isNull();
        assertThat(new WalName(1, WalName.Kind.SEGMENT, 1, 3, -1).segment(1 << 24))
                .isEqualTo(259);
    }

    private static @Nullable WalName parsed(String name) {
        return WalName.parse(name);
    }

    @Test
    void aReceiverGoesOnWhereItWasAlongTheTimelines() {
        WalHistory history = WalHistory.parse("1\t0/A80000\tx\n\n# c\n2\t0/C00000\ty\n");

        assertThat(new Position(SYSTEM, 1, 9).along(history, 3, SIZE)).isEqualTo(new Position(SYSTEM, 1, 9));
        // It had received more than the server that was promoted.
        assertThat(new Position(SYSTEM, 1, 11).along(history, 3, SIZE)).isEqualTo(new Position(SYSTEM, 2, 10));
        assertThat(new Position(SYSTEM, 2, 12).along(history, 3, SIZE)).isEqualTo(new Position(SYSTEM, 3, 12));
        assertThat(new Position(SYSTEM, 3, 20).along(history, 3, SIZE)).isEqualTo(new Position(SYSTEM, 3, 20));
        assertThat(new Position(SYSTEM, 9, 20).along(history, 3, SIZE)).isNull();
        assertThat(Position.parse("1 2 3", "1")).contains(new Position("1", 2, 3));
        assertThat(Position.parse("1 2 3", "2")).isEmpty();
        assertThat(Position.parse("", "2")).isEmpty();
    }
}
