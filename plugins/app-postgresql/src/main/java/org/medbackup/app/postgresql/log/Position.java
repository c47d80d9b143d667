package org.medbackup.app.postgresql.log;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.postgresql.Lsn;

/** A segment to receive next. */
record Position(String system, int timeline, long segment) {

    /** Understands its written form; empty for another cluster's, and before the first. */
    static Optional<Position> parse(String text, String system) {
        String[] words = text.split(" ");
        return words.length == 3 && words[0].equals(system)
                ? Optional.of(new Position(system, Integer.parseInt(words[1]), Long.parseLong(words[2])))
                : Optional.empty();
    }

    /**
     * The same, or what follows it where the timeline was left before it; null where a server of this history never had it.
     */
    @Nullable
    Position along(WalHistory history, int own, int size) {
        Position position = this;
        List<WalHistory.Ancestor> ancestors = history.ancestors();
        boolean met = timeline == own;
        for (int i = 0; i < ancestors.size(); i++) {
            if (ancestors.get(i).timeline() != position.timeline()) {
                continue;
            }
            met = true;
            Lsn end = ancestors.get(i).end();
            if (Long.compareUnsigned(position.lsn(size).value(), end.value()) < 0) {
                return position;
            }
            int next = i + 1 < ancestors.size() ? ancestors.get(i + 1).timeline() : own;
            position = new Position(system, next, end.value() / size);
        }
        return met ? position : null;
    }

    /** Where its timeline was left; null where it goes on. */
    @Nullable
    Successor end(WalHistory history, int own) {
        List<WalHistory.Ancestor> ancestors = history.ancestors();
        for (int i = 0; i < ancestors.size(); i++) {
            if (ancestors.get(i).timeline() == timeline) {
                return new Successor(
                        ancestors.get(i).end(),
                        i + 1 < ancestors.size() ? ancestors.get(i + 1).timeline() : own);
            }
        }
        return null;
    }

    /**
     * What comes after a timeline.
     *
     * @param end where it was left
     * @param timeline the next
     */
    record Successor(Lsn end, int timeline) {}

    Lsn lsn(int size) {
        return new Lsn(segment * size);
    }

    @Override
    public String toString() {
        return system + " " + timeline + " " + segment;
    }
}
