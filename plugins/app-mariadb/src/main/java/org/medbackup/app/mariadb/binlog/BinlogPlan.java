package org.medbackup.app.mariadb.binlog;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ApplicationLog.Base;
import org.medbackup.core.spi.app.ApplicationLog.Gap;
import org.medbackup.core.spi.app.LogArchive.LogEntry;
import org.medbackup.core.spi.app.LogReplay;

/** Chooses the backup and the log of a recovery, before anything is written. */
public final class BinlogPlan {

    private final BinlogArchive archive;
    private final LogTarget target;
    private final String line;

    private BinlogPlan(BinlogArchive archive, LogTarget target, String line) {
        this.archive = archive;
        this.target = target;
        this.line = line;
    }

    /** As {@link org.medbackup.core.spi.app.ApplicationLog#plan}; a line is named by the head of any file in it. */
    public static LogReplay of(List<Base> bases, List<LogEntry> entries, LogTarget target, String line) {
        List<BinlogBase> newestFirst = bases.stream()
                .map(BinlogBase::of)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing(BinlogBase::ended).reversed())
                .toList();
        var plan = new BinlogPlan(BinlogArchive.of(entries), target, line);
        for (BinlogBase base : newestFirst) {
            if (plan.isBehind(base)) {
                LogReplay replay = plan.from(base);
                if (replay != null) {
                    return replay;
                }
            }
        }
        throw unreachable(
                newestFirst.isEmpty()
                        ? "there is no backup that tells where in the binary log it stands"
                        : "no backup and the log behind it lead there");
    }

    private static BackupException unreachable(String why) {
        return ErrorCode.RECOVERY_TARGET_UNREACHABLE.because(why);
    }

    /** Whether the target comes after a backup. */
    private boolean isBehind(BinlogBase base) {
        return switch (target) {
            case LogTarget.End _ -> true;
            case LogTarget.Before before -> !base.ended().isAfter(Instant.ofEpochSecond(before.second()));
            case LogTarget.Place place -> {
                long number = BinlogName.number(place.file());
                yield BinlogName.base(place.file()).equals(BinlogName.base(base.file()))
                        && (number > base.number() || number == base.number() && place.offset() >= base.position());
            }
            case LogTarget.Transactions transactions ->
                transactions.gtids().stream()
                        .allMatch(wanted -> base.gtids().stream()
                                .filter(each -> each.domain() == wanted.domain())
                                .allMatch(each -> each.sequence() <= wanted.sequence()));
        };
    }

    /** Null where another backup has to be tried. */
    private @Nullable LogReplay from(BinlogBase base) {
        ArchivedFile start = start(base);
        if (start == null) {
            return withoutLog(base);
        }
        for (List<ArchivedFile> each : archive.lines()) {
            boolean wanted = line.isEmpty()
                    || each.stream().anyMatch(file -> file.name().head().equals(line));
            if (each.contains(start) && wanted) {
                return along(base, each, each.indexOf(start));
            }
        }
        return null;
    }

    private @Nullable ArchivedFile start(BinlogBase base) {
        return archive.files().stream().filter(base::isIn).findFirst().orElse(null);
    }

    /** The file that the backup stands in is not there. */
    private LogReplay withoutLog(BinlogBase base) {
        ArchivedFile later = archive.files().stream()
                .filter(each -> each.name().server().equals(base.server())
                        && BinlogName.base(each.file()).equals(BinlogName.base(base.file()))
                        && each.number() > base.number()
                        && each.newest() >= base.ended().getEpochSecond()
                        && GtidState.of(base.gtids()).mayLeadTo(each.begins()))
                .min(Comparator.comparingLong(ArchivedFile::number))
                .orElse(null);
        if (later != null) {
            throw missing(new Gap(
                    base.file(), BinlogName.numbered(base.file(), later.number() - 1), "there are files after it"));
        }
        if (target instanceof LogTarget.End || isAt(base)) {
            requireNewest(base, null);
            return new LogReplay(base.id(), base.head(), List.of());
        }
        throw unreachable("the log in the archive ends before it");
    }

    private boolean isAt(BinlogBase base) {
        return target instanceof LogTarget.Place place
                && place.file().equals(base.file())
                && place.offset() == base.position();
    }

    private static BackupException missing(Gap gap) {
        String range = gap.from().equals(gap.to()) ? gap.from() : gap.from() + " to " + gap.to();
        return ErrorCode.LOG_INCOMPLETE.because("missing is " + range + ": " + gap.why());
    }

    /** Null where another backup has to be tried: places and numbers come again where a log begins anew. */
    private @Nullable LogReplay along(BinlogBase base, List<ArchivedFile> files, int first) {
        List<LogReplay.Part> parts = new ArrayList<>();
        boolean reached = isAt(base);
        for (int at = first; at < files.size() && !reached; at++) {
            ArchivedFile file = files.get(at);
            if (at > first || file.length() > base.position()) {
                if (file.contested()) {
                    throw ErrorCode.APPLICATION_LOG_CONFLICT
                            .because("the recovery needs a file of which two contents are stored")
                            .with("file", file.file());
                }
                parts.add(new LogReplay.Part(file.entry().name(), file.file()));
                reached = holds(file);
            }
        }
        ArchivedFile last = files.getLast();
        if (!reached) {
            List<ArchivedFile> beyond = archive.beyond(last);
            if (!beyond.isEmpty()) {
                throw missing(BinlogGaps.between(last, beyond.getFirst()));
            }
            if (target instanceof LogTarget.Before) {
                throw unreachable("the log in the archive ends before it");
            }
            if (!(target instanceof LogTarget.End)) {
                return null;
            }
            requireNewest(base, last);
        }
        return new LogReplay(base.id(), last.name().head(), parts);
    }

    /** Whether the target lies in a file. */
    private boolean holds(ArchivedFile file) {
        return switch (target) {
            case LogTarget.End _ -> false;
            case LogTarget.Before before -> file.newest() >= before.second();
            case LogTarget.Place place -> file.file().equals(place.file()) && file.length() >= place.offset();
            case LogTarget.Transactions transactions ->
                transactions.gtids().stream().allMatch(file.ends()::covers);
        };
    }

    /** The newest is not to be found on a line that was left: that would drop in silence what came after. */
    private void requireNewest(BinlogBase base, @Nullable ArchivedFile last) {
        if (!line.isEmpty() || archive.lines().isEmpty()) {
            return;
        }
        ArchivedFile newest = archive.lines().getFirst().getLast();
        boolean isLater = newest.created() >= base.ended().getEpochSecond();
        if (!newest.equals(last) && isLater && newest.name().server().equals(base.server())) {
            throw unreachable("the binary log was begun anew after the backup (RESET MASTER)"
                    + (last == null
                            ? ""
                            : "; --timeline " + last.name().head() + " leads to the end of what was before"));
        }
    }
}
