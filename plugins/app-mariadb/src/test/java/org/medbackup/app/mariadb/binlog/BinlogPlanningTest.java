package org.medbackup.app.mariadb.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ApplicationLog.Base;
import org.medbackup.core.spi.app.ApplicationLog.Gap;
import org.medbackup.core.spi.app.LogArchive.LogEntry;
import org.medbackup.core.spi.app.LogReplay;
import org.medbackup.core.spi.app.RecoveryTarget;

/** Which backup and which files a recovery takes, what is missing, and what nobody needs. */
class BinlogPlanningTest {

    private static final String SERVER = "00000000000000aa";

    private final List<LogEntry> entries = new ArrayList<>();

    private static String head(int number) {
        return String.format(java.util.Locale.ROOT, "%016x", number);
    }

    private static String file(int number) {
        return String.format(java.util.Locale.ROOT, "clinic-bin.%06d", number);
    }

    /** A file that was begun at a second; holds the transactions after one number up to another. */
    private String add(int number, int created, long from, long to, long part) {
        BinlogName name = BinlogName.whole(SERVER, head(created), file(number));
        var facts = new TreeMap<String, String>();
        facts.put("begins", from == 0 ? "" : "0-7-" + from);
        facts.put("ends", to == 0 ? "" : "0-7-" + to);
        facts.put("length", Long.toString(part < 0 ? 1000 : part));
        facts.put("newest", Integer.toString(created + 9));
        facts.put("created", Integer.toString(created));
        String full = (part < 0 ? name : name.upTo(part)).toString();
        entries.add(new LogEntry(full, 1, "ab", Instant.EPOCH, facts));
        return full;
    }

    private String whole(int number, int created, long from, long to) {
        return add(number, created, from, to, -1);
    }

    private static Base base(String id, int number, int created, long position, long gtid, int ended) {
        return new Base(
                id,
                Instant.EPOCH,
                Map.of(
                        "binlog_server", SERVER,
                        "binlog_head", head(created),
                        "binlog_file", file(number),
                        "binlog_position", Long.toString(position),
                        "gtid", "0-7-" + gtid,
                        "consistent_at", Instant.ofEpochSecond(ended).toString()));
    }

    private LogReplay plan(RecoveryTarget target, Base... bases) {
        return BinlogPlan.of(List.of(bases), entries, LogTarget.of(target), "");
    }

    private static List<String> files(LogReplay replay) {
        return replay.parts().stream().map(LogReplay.Part::as).toList();
    }

    private static RecoveryTarget at(String position) {
        return new RecoveryTarget.AtPosition(position);
    }

    private static RecoveryTarget at(int second) {
        return new RecoveryTarget.AtTime(Instant.ofEpochSecond(second));
    }

    private void refused(ErrorCode code, String words, RecoveryTarget target, Base... bases) {
        assertThatThrownBy(() -> plan(target, bases))
                .hasMessageContaining(words)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    /** Files 1 to 4 of a log, ten seconds each. */
    private void four() {
        whole(1, 10, 0, 100);
        whole(2, 20, 100, 200);
        whole(3, 30, 200, 300);
        add(4, 40, 300, 350, 600);
        add(4, 40, 300, 320, 400);
    }

    private static final Base FIRST = base("first", 1, 10, 500, 50, 15);
    private static final Base SECOND = base("second", 3, 30, 500, 250, 35);

    @Test
    void theNewestBackupBeforeTheTargetAndJustTheFilesUpToItAreTaken() {
        four();
        assertThat(plan(new RecoveryTarget.Newest(), FIRST, SECOND).base()).isEqualTo("second");
        assertThat(files(plan(new RecoveryTarget.Newest(), FIRST, SECOND))).containsExactly(file(3), file(4));
        assertThat(files(plan(at(file(2) + ":300"), FIRST, SECOND))).containsExactly(file(1), file(2));
        assertThat(files(plan(at("0-7-310"), FIRST))).containsExactly(file(1), file(2), file(3), file(4));
        assertThat(plan(at("0-7-310"), FIRST, SECOND).base()).isEqualTo("second");
        assertThat(files(plan(at("0-7-70"), FIRST, SECOND))).containsExactly(file(1));
        assertThat(files(plan(at(27), FIRST, SECOND))).containsExactly(file(1), file(2));
        assertThat(plan(at(35), FIRST, SECOND).base()).isEqualTo("second");
        assertThat(plan(at(34), FIRST, SECOND).base()).isEqualTo("first");
        assertThat(plan(at(file(3) + ":500"), SECOND).parts()).isEmpty();
        assertThat(BinlogGaps.in(entries)).isEmpty();
    }

    @Test
    void whatCannotBeReachedIsRefused() {
        four();
        refused(ErrorCode.RECOVERY_TARGET_UNREACHABLE, "no backup", at(12), FIRST, SECOND);
        refused(ErrorCode.RECOVERY_TARGET_UNREACHABLE, "ends before", at(4000), FIRST, SECOND);
        refused(ErrorCode.RECOVERY_TARGET_UNREACHABLE, "no backup", at(file(4) + ":700"), SECOND);
        refused(ErrorCode.RECOVERY_TARGET_UNREACHABLE, "no backup", at("0-7-900"), SECOND);
        refused(ErrorCode.RECOVERY_TARGET_UNREACHABLE, "no backup that tells", at(12));
        Base silent = new Base("old", Instant.EPOCH, Map.of("binlog_file", file(1)));
        refused(ErrorCode.RECOVERY_TARGET_UNREACHABLE, "no backup that tells", at(12), silent);
        Base strange = base("strange", 1, 10, 5, 5, 15);
        var broken = new TreeMap<>(strange.evidence());
        broken.put("binlog_position", "x");
        refused(
                ErrorCode.RECOVERY_TARGET_UNREACHABLE,
                "no backup that tells",
                at(12),
                new Base("x", Instant.EPOCH, broken));
        refused(ErrorCode.USAGE, "no named points", new RecoveryTarget.AtName("lunch"), FIRST);
        for (String malformed : new String[] {"", "0/3000060", "clinic-bin.000001:x", "nobody:5", "0-7"}) {
            refused(ErrorCode.USAGE, "neither a place", at(malformed), FIRST);
        }
    }

    @Test
    void aMissingFileIsNamed() {
        four();
        entries.remove(1);
        refused(ErrorCode.LOG_INCOMPLETE, "missing is " + file(2) + ":", new RecoveryTarget.Newest(), FIRST);
        assertThat(BinlogGaps.in(entries)).extracting(Gap::from).containsExactly(file(2));
        // A target before the gap is reached all the same.
        assertThat(files(plan(at("0-7-90"), FIRST))).containsExactly(file(1));
        entries.removeFirst();
        refused(
                ErrorCode.LOG_INCOMPLETE,
                "missing is " + file(1) + " to " + file(2),
                new RecoveryTarget.Newest(),
                FIRST);
    }

    @Test
    void aFileWhoseEndWasNotReceivedIsNamedAndOneWhoseTransactionsAreAllThereIsNone() {
        add(1, 10, 0, 80, 700);
        whole(2, 20, 100, 200);
        refused(ErrorCode.LOG_INCOMPLETE, "missing is " + file(1) + ": its end", at("0-7-150"), FIRST);
        assertThat(BinlogGaps.in(entries))
                .singleElement()
                .satisfies(gap -> assertThat(gap.why()).contains("its end"));
        add(1, 10, 0, 100, 900);
        assertThat(BinlogGaps.in(entries)).isEmpty();
        assertThat(files(plan(at("0-7-150"), FIRST))).containsExactly(file(1), file(2));
    }

    @Test
    void aLogThatBeganAnewIsNoContinuation() {
        four();
        whole(1, 60, 0, 30);
        add(2, 70, 30, 60, 500);

        assertThat(BinlogGaps.in(entries)).singleElement().satisfies(gap -> {
            assertThat(gap.from()).isEqualTo(file(4));
            assertThat(gap.to()).isEqualTo(file(1));
            assertThat(gap.why()).contains("RESET MASTER");
        });
        refused(ErrorCode.RECOVERY_TARGET_UNREACHABLE, "--timeline " + head(40), new RecoveryTarget.Newest(), SECOND);
        LogReplay before = BinlogPlan.of(List.of(SECOND), entries, new LogTarget.End(), head(40));
        assertThat(files(before)).containsExactly(file(3), file(4));
        assertThat(before.timeline()).isEqualTo(head(40));
        Base after = base("after", 1, 60, 500, 10, 65);
        assertThat(files(plan(new RecoveryTarget.Newest(), SECOND, after))).containsExactly(file(1), file(2));
        // The number is there again; the newer log has it not yet.
        assertThat(plan(at("0-7-320"), SECOND, after).base()).isEqualTo("second");
        assertThatThrownBy(() -> BinlogPlan.of(List.of(after), entries, new LogTarget.End(), head(40)))
                .isInstanceOf(BackupException.class);
    }

    @Test
    void aBackupThatTheLogHasNotReachedIsTheNewest() {
        four();
        Base ahead = base("ahead", 5, 50, 700, 400, 55);
        assertThat(plan(new RecoveryTarget.Newest(), ahead).parts()).isEmpty();
        assertThat(plan(at(file(5) + ":700"), ahead).parts()).isEmpty();
        refused(ErrorCode.RECOVERY_TARGET_UNREACHABLE, "ends before", at(file(5) + ":900"), ahead);
        Base within = base("within", 4, 40, 800, 360, 48);
        assertThat(plan(new RecoveryTarget.Newest(), within).parts()).isEmpty();
        whole(6, 60, 500, 600);
        refused(ErrorCode.LOG_INCOMPLETE, "missing is " + file(5), new RecoveryTarget.Newest(), ahead);
    }

    @Test
    void twoContentsOfOneNameAreToldAndNotUsed() {
        four();
        entries.add(entries.getFirst());
        assertThat(BinlogGaps.in(entries))
                .extracting(Gap::why)
                .containsExactly("two contents of this name are stored; neither is used");
        refused(ErrorCode.APPLICATION_LOG_CONFLICT, "two contents", at("0-7-90"), FIRST);
    }

    @Test
    void logBeforeTheOldestBackupAndShorterPartsAreNotNeeded() {
        four();
        String shorter = entries.getLast().name();
        assertThat(BinlogNeeds.expendable(List.of(), entries)).containsExactly(shorter);
        assertThat(BinlogNeeds.expendable(List.of(FIRST, SECOND), entries)).containsExactly(shorter);
        assertThat(BinlogNeeds.expendable(List.of(SECOND), entries))
                .isEqualTo(Set.of(shorter, entries.get(0).name(), entries.get(1).name()));
        whole(1, 60, 0, 30);
        Base after = base("after", 1, 60, 500, 10, 65);
        assertThat(BinlogNeeds.expendable(List.of(after), entries))
                .hasSize(5)
                .doesNotContain(entries.getLast().name());
        entries.add(new LogEntry("something else", 1, "ab", Instant.EPOCH, new TreeMap<>()));
        assertThat(BinlogNeeds.expendable(List.of(after), entries)).hasSize(5);
        assertThat(BinlogGaps.in(entries)).hasSize(1);
    }

    @Test
    void damagedNotesAreToldAsSuch() {
        four();
        LogEntry good = entries.removeFirst();
        var facts = new TreeMap<>(good.facts());
        facts.put("begins", "x");
        entries.add(new LogEntry(good.name(), 1, "ab", Instant.EPOCH, facts));
        assertThatThrownBy(() -> BinlogGaps.in(entries))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        damage -> assertThat(damage.code()).isEqualTo(ErrorCode.OBJECT_DAMAGED));
    }

    @Test
    void aDeletedDomainIsNoNewBeginning() {
        GtidState both = GtidState.parse("0-7-5,1-9-3");
        assertThat(both.isFollowedBy(GtidState.parse("0-7-5"))).isTrue();
        assertThat(both.isFollowedBy(GtidState.NOTHING)).isFalse();
        assertThat(both.isFollowedBy(GtidState.parse("0-7-6,1-9-3"))).isFalse();
        assertThat(GtidState.parse("0-7-5,0-8-9").isFollowedBy(GtidState.parse("0-7-5")))
                .isFalse();
        assertThat(GtidState.NOTHING.isFollowedBy(GtidState.NOTHING)).isTrue();
        assertThat(both).hasToString("0-7-5,1-9-3");
    }

    @Test
    void namesAreReadAsTheyAreWritten() {
        BinlogName name = BinlogName.whole(SERVER, head(1), "host.example-bin.1000000");
        assertThat(BinlogName.parse(name.toString())).isEqualTo(name);
        assertThat(BinlogName.parse(name.upTo(77).toString())).isEqualTo(name.upTo(77));
        for (String other : new String[] {"", "x.y", SERVER + "." + head(1) + ".letter", "clinic-bin.000001"}) {
            assertThat(BinlogName.parse(other)).isNull();
        }
        assertThatThrownBy(() -> BinlogName.number("letter")).isInstanceOf(IllegalArgumentException.class);
    }
}
