package org.medbackup.engine.internal.backup;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.index.Location;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.place.Destination;

/**
 * Which unchanged files are asked about again, and whether they lie where they belong by now. Each path has its day by itself, so
 * that nothing has to be remembered: a backup asks about the paths of the days that passed since the one before. Immutable.
 */
final class Moves {

    /** Nothing moves. */
    static final Moves NONE = new Moves(0, 0, 0, chunk -> List.of(), number -> Optional.empty());

    private final int days;
    private final long first;
    private final long count;
    private final Function<ChunkId, List<Location>> places;
    private final Function<Integer, Optional<KeyDomain>> domains;

    private Moves(
            int days,
            long first,
            long count,
            Function<ChunkId, List<Location>> places,
            Function<Integer, Optional<KeyDomain>> domains) {
        this.days = days;
        this.first = first;
        this.count = count;
        this.places = places;
        this.domains = domains;
    }

    /**
     * Those of one backup.
     *
     * @param before when the backup before began
     * @param places where chunks lie
     */
    static Moves of(
            PlacementPolicy policy,
            Instant before,
            Instant now,
            Function<ChunkId, List<Location>> places,
            KeyRing keys) {
        int days = policy.reviewDays();
        long passed = day(now) - day(before);
        return days <= 0 || passed <= 0
                ? NONE
                : new Moves(days, day(before) + 1, Math.min(days, passed), places, keys::domain);
    }

    private static long day(Instant time) {
        return time.atOffset(ZoneOffset.UTC).toLocalDate().toEpochDay();
    }

    /** Whether it is the turn of a path. */
    boolean isDue(PathBytes path) {
        if (count == 0) {
            return false;
        }
        int turn = (path.hashCode() * 0x9e3779b9 >>> 1) % days;
        return Math.floorMod(turn - first, (long) days) < count;
    }

    /** Whether a chunk lies elsewhere than where it would go now; what cannot be told stays. */
    boolean isElsewhere(ChunkId chunk, Destination destination) {
        List<Location> all = places.apply(chunk);
        return !all.isEmpty() && all.stream().noneMatch(each -> isAt(each, destination));
    }

    private boolean isAt(Location place, Destination destination) {
        return place.pack().placement() == destination.domain().placement()
                && domains.apply(place.pack().domain())
                        .map(each -> each.name().equals(destination.domain().name()))
                        .orElse(true);
    }
}
