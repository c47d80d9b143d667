package org.medbackup.app.postgresql.log;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.postgresql.Lsn;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ApplicationLog.Base;
import org.medbackup.core.spi.app.LogArchive.LogEntry;
import org.medbackup.core.spi.app.LogReplay;
import org.medbackup.core.spi.app.RecoveryTarget;

/** Chooses the base backup and the log of a recovery, before anything is written. */
final class ReplayPlan {

    private final ArchivedLog log;
    private final RecoveryTarget target;
    private final String timeline;

    private ReplayPlan(ArchivedLog log, RecoveryTarget target, String timeline) {
        this.log = log;
        this.target = target;
        this.timeline = timeline;
    }

    static LogReplay of(List<Base> bases, List<LogEntry> entries, RecoveryTarget target, String timeline) {
        List<BaseBackup> newestFirst = bases.stream()
                .map(BaseBackup::of)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing(BaseBackup::ended).reversed())
                .toList();
        var plan = new ReplayPlan(ArchivedLog.of(entries), target, timeline);
        for (BaseBackup base : newestFirst) {
            LogReplay replay = plan.from(base);
            if (replay != null) {
                return replay;
            }
        }
        throw unreachable(
                newestFirst.isEmpty()
                        ? "there is no backup that tells where it ended"
                        : "no backup on this timeline ended before it");
    }

    private static BackupException unreachable(String why) {
        return ErrorCode.RECOVERY_TARGET_UNREACHABLE.because(why);
    }

    /** Null where another backup has to be tried. */
    private @Nullable LogReplay from(BaseBackup base) {
        if (target instanceof RecoveryTarget.AtTime at && at.time().isBefore(base.ended())) {
            return null;
        }
        Course course = Course.of(log, base, timeline);
        if (course == null) {
            return null;
        }
        if (target instanceof RecoveryTarget.AtPosition at
                && Long.compareUnsigned(position(at).value(), base.end().value()) < 0) {
            return null;
        }
        return new Walk(base, course).run();
    }

    private static Lsn position(RecoveryTarget.AtPosition at) {
        try {
            return Lsn.parse(at.position());
        } catch (IllegalArgumentException malformed) {
            throw ErrorCode.USAGE.because("the position is no LSN, such as 0/3000060");
        }
    }

    /** Along the segments of a course. */
    private final class Walk {

        private final BaseBackup base;
        private final Course course;
        private final List<LogReplay.Part> parts = new ArrayList<>();
        private final List<String> missing = new ArrayList<>();

        Walk(BaseBackup base, Course course) {
            this.base = base;
            this.course = course;
        }

        /** Null where the target is a name that is not behind this backup. */
        @Nullable
        LogReplay run() {
            course.histories().forEach(parts::add);
            long first = base.lastSegment();
            long last = Math.max(first, course.last());
            boolean reached = target instanceof RecoveryTarget.BackupEnd;
            for (long number = first; number <= last && !reached; number++) {
                reached = segment(number, number == first, number == last);
            }
            if (target instanceof RecoveryTarget.Newest) {
                reached = true;
            }
            if (!missing.isEmpty()) {
                throw ErrorCode.LOG_INCOMPLETE.because("missing is " + String.join(", ", named()));
            }
            if (!reached && target instanceof RecoveryTarget.AtName) {
                return null;
            }
            if (!reached) {
                throw unreachable("the log in the archive ends before it");
            }
            return new LogReplay(base.id(), Integer.toString(course.timeline()), parts);
        }

        private List<String> named() {
            return missing.size() <= 3
                    ? missing
                    : List.of(missing.getFirst(), "…", missing.getLast(), "in all " + missing.size() + " files");
        }

        /** Takes a segment; whether the target is in it. */
        private boolean segment(long number, boolean inBase, boolean end) {
            ArchivedLog.Segment found = course.segment(number);
            if (found == null && end) {
                found = course.partial(number);
            }
            String name = course.name(number);
            if (found == null) {
                if (!inBase) {
                    missing.add(name);
                }
                return false;
            }
            if (found.contested()) {
                throw ErrorCode.APPLICATION_LOG_CONFLICT
                        .because("the recovery needs a file of which two contents are stored")
                        .with("file", name);
            }
            parts.add(new LogReplay.Part(found.entry().name(), name));
            // What comes after a gap does not count: nothing can be recovered across it.
            return missing.isEmpty() && holds(found);
        }

        private boolean holds(ArchivedLog.Segment segment) {
            return switch (target) {
                case RecoveryTarget.BackupEnd _ -> true;
                case RecoveryTarget.Newest _ -> false;
                case RecoveryTarget.AtTime at -> {
                    String newest = segment.fact(WalScan.NEWEST);
                    yield newest != null && java.time.Instant.parse(newest).isAfter(at.time());
                }
                case RecoveryTarget.AtPosition at -> {
                    String last = segment.fact(WalScan.LAST_RECORD);
                    yield last != null
                            && Long.compareUnsigned(
                                            Lsn.parse(last).value(),
                                            position(at).value())
                                    >= 0;
                }
                case RecoveryTarget.AtName at -> {
                    String end = segment.fact(WalScan.POINT + at.name());
                    yield end != null
                            && Long.compareUnsigned(
                                            Lsn.parse(end).value(), base.end().value())
                                    > 0;
                }
            };
        }
    }
}
