package org.medbackup.app.postgresql.log;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.postgresql.log.ArchivedLog.Line;
import org.medbackup.app.postgresql.log.ArchivedLog.Segment;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.LogReplay;

/**
 * The way of a recovery from a base backup along the timelines to the last one: which branch has which segment. A segment in
 * which a timeline was left is taken from the new one, which repeats what came before.
 *
 * @param legs the oldest first
 */
record Course(ArchivedLog log, String system, int size, List<Leg> legs) {

    Course {
        legs = List.copyOf(legs);
    }

    /**
     * One branch of the way.
     *
     * @param branch null where it is not in the archive
     * @param first number of the first segment that is taken from it
     */
    record Leg(@Nullable Branch branch, int timeline, long first) {}

    /**
     * The way from a backup to a timeline.
     *
     * @param wanted number of the timeline in decimal, or as {@link Branch#key}; empty for the newest that leads on from the
     *     backup
     * @return null where the timeline does not lead on from the backup
     */
    static @Nullable Course of(ArchivedLog log, BaseBackup base, String wanted) {
        List<Course> all = new ArrayList<>();
        for (Branch branch : log.lines().keySet()) {
            Course course = branch.system().equals(base.system()) ? to(log, base, branch) : null;
            if (course != null && (wanted.isEmpty() || meant(branch, wanted))) {
                all.add(course);
            }
        }
        int newest = all.stream().mapToInt(Course::timeline).max().orElse(0);
        List<Course> candidates =
                all.stream().filter(each -> each.timeline() == newest).toList();
        if (candidates.size() > 1) {
            throw ErrorCode.APPLICATION_LOG_CONFLICT.because("timeline " + newest
                    + " was used twice; say with --timeline which is meant: "
                    + String.join(
                            ", ", candidates.stream().map(Course::key).sorted().toList()));
        }
        if (candidates.size() == 1) {
            return candidates.getFirst();
        }
        // Nothing was archived yet: the backup alone.
        boolean own = wanted.isEmpty() || wanted.equals(Integer.toString(base.timeline()));
        return own
                ? new Course(log, base.system(), base.segmentSize(), List.of(new Leg(null, base.timeline(), 0)))
                : null;
    }

    private static boolean meant(Branch branch, String wanted) {
        return wanted.equals(Integer.toString(branch.timeline()))
                || wanted.toUpperCase(Locale.ROOT).equals(branch.key().toUpperCase(Locale.ROOT));
    }

    private static @Nullable Course to(ArchivedLog log, BaseBackup base, Branch branch) {
        WalHistory history = log.historyOf(branch);
        Line line = log.lines().get(branch);
        if (branch.timeline() > 1 && (line == null || line.history() == null)) {
            // Where it came from is not known; it is the backup's own, or it cannot be used.
            return branch.timeline() == base.timeline() && base.digest().equals(branch.digest())
                    ? new Course(log, base.system(), base.segmentSize(), List.of(new Leg(branch, branch.timeline(), 0)))
                    : null;
        }
        List<Leg> legs = new ArrayList<>();
        long first = 0;
        boolean leads = false;
        for (int place = 0; place < history.ancestors().size(); place++) {
            WalHistory.Ancestor ancestor = history.ancestors().get(place);
            Branch before = log.ancestor(branch, place);
            legs.add(new Leg(before, ancestor.timeline(), first));
            leads |= ancestor.timeline() == base.timeline()
                    && isOf(base, before)
                    && Long.compareUnsigned(base.end().value(), ancestor.end().value()) <= 0;
            first = ancestor.end().value() / base.segmentSize();
        }
        legs.add(new Leg(branch, branch.timeline(), first));
        leads |= branch.timeline() == base.timeline() && isOf(base, branch);
        return leads ? new Course(log, base.system(), base.segmentSize(), legs) : null;
    }

    private static boolean isOf(BaseBackup base, @Nullable Branch branch) {
        return base.digest().isEmpty() || branch != null && branch.digest().equals(base.digest());
    }

    int timeline() {
        return legs.getLast().timeline();
    }

    private String key() {
        Branch branch = legs.getLast().branch();
        return branch == null ? Integer.toString(timeline()) : branch.key();
    }

    private Leg leg(long number) {
        Leg leg = legs.getFirst();
        for (Leg each : legs) {
            leg = each.first() <= number ? each : leg;
        }
        return leg;
    }

    private @Nullable Line line(Leg leg) {
        Branch branch = leg.branch();
        return branch == null ? null : log.lines().get(branch);
    }

    /** The last segment of which there is anything. */
    long last() {
        long last = -1;
        for (Leg each : legs) {
            Line line = line(each);
            last = Math.max(last, line == null ? -1 : each.equals(legs.getLast()) ? line.last() : upTo(each, line));
        }
        return last;
    }

    private long upTo(Leg leg, Line line) {
        long end = legs.get(legs.indexOf(leg) + 1).first() - 1;
        return Math.min(line.last(), end);
    }

    /** A whole segment; null where it is not there. */
    @Nullable
    Segment segment(long number) {
        Line line = line(leg(number));
        return line == null ? null : line.segments().get(number);
    }

    /** A part of one; null where there is none. */
    @Nullable
    Segment partial(long number) {
        Line line = line(leg(number));
        return line == null ? null : line.partials().get(number);
    }

    /** The server's name of a segment. */
    String name(long number) {
        return WalName.segment(leg(number).timeline(), number, size);
    }

    /**
     * The histories of the way, and of every other timeline of the cluster, so that the recovered server gives itself a number
     * that nobody has.
     */
    List<LogReplay.Part> histories() {
        List<LogReplay.Part> parts = new ArrayList<>();
        List<Branch> ours = new ArrayList<>();
        legs.stream().map(Leg::branch).forEach(each -> {
            if (each != null) {
                ours.add(each);
            }
        });
        List<Branch> all = log.lines().keySet().stream()
                .filter(each -> each.system().equals(system))
                .sorted(Comparator.comparing((Branch each) -> !ours.contains(each)))
                .toList();
        for (Branch each : all) {
            Line line = log.lines().get(each);
            String name = line == null ? null : line.historyName();
            String as = WalName.history(each.timeline());
            if (name != null && parts.stream().noneMatch(part -> part.as().equals(as))) {
                parts.add(new LogReplay.Part(name, as));
            }
        }
        return parts;
    }
}
