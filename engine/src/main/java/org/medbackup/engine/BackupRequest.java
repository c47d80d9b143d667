package org.medbackup.engine;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.place.PlacementPolicy;

/**
 * What is to be backed up, and under what name.
 *
 * @param source name by which the next backup of the same finds this one
 * @param paths absolute; of nested ones the outer is taken
 * @param tags to be kept with the restore point
 * @param exclusions shell patterns: with a slash they are held against the whole path, without against each name
 * @param omitted absolute paths that are left out with all below them, such as the repository's own folder
 * @param oneFileSystem whether folders on which other file systems are mounted are kept empty
 * @param policy places each file
 * @param tool name and version of the calling program
 * @param audit where the audit trail stands, asked for just before the commit
 * @param follower hears how the backup gets on
 * @param watched what is looked at as a sign of ransomware, and what is not
 */
public record BackupRequest(
        String source,
        List<PathBytes> paths,
        SortedMap<String, String> tags,
        List<String> exclusions,
        List<PathBytes> omitted,
        boolean oneFileSystem,
        PlacementPolicy policy,
        String tool,
        Supplier<Snapshot.AuditAnchor> audit,
        Follower follower,
        Watched watched) {

    /**
     * What is looked at as a sign of ransomware, and what is not.
     *
     * @param canaries absolute paths of files that nobody has a reason to change
     * @param encrypted shell patterns, as exclusions are, of files that are encrypted anyway
     */
    public record Watched(Set<PathBytes> canaries, List<String> encrypted) {

        /** Nothing in particular. */
        public static final Watched NONE = new Watched(Set.of(), List.of());

        public Watched {
            canaries = Set.copyOf(canaries);
            encrypted = List.copyOf(encrypted);
        }
    }

    /** Hears how a backup gets on, and may end it by throwing. */
    public interface Follower {

        /** Of nobody's concern. */
        Follower NONE = new Follower() {};

        /**
         * It has announced itself, and nothing else of it is stored.
         *
         * @param ticket id that its restore point will have; {@link Repository#settle} tells what became of it
         */
        default void begun(String ticket) {}

        /** All of it is stored, and the next thing is the commit. */
        default void committing(String ticket) {}
    }

    public BackupRequest {
        paths = List.copyOf(paths);
        exclusions = List.copyOf(exclusions);
        omitted = List.copyOf(omitted);
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }

    /** A backup of some paths, everything else by default. */
    public static BackupRequest of(String source, List<PathBytes> paths) {
        return new BackupRequest(
                source,
                paths,
                Collections.emptySortedMap(),
                List.of(),
                List.of(),
                false,
                PlacementPolicy.single(),
                "medbackup",
                () -> Snapshot.AuditAnchor.NONE,
                Follower.NONE,
                Watched.NONE);
    }

    /** The same with tags. */
    public BackupRequest tagged(SortedMap<String, String> more) {
        return new BackupRequest(
                source, paths, more, exclusions, omitted, oneFileSystem, policy, tool, audit, follower, watched);
    }

    /** The same with exclusions. */
    public BackupRequest without(List<String> patterns) {
        return new BackupRequest(
                source, paths, tags, patterns, omitted, oneFileSystem, policy, tool, audit, follower, watched);
    }

    /** The same without some paths and what lies below them. */
    public BackupRequest omitting(List<PathBytes> more) {
        return new BackupRequest(
                source, paths, tags, exclusions, more, oneFileSystem, policy, tool, audit, follower, watched);
    }

    /** The same, staying on the file systems of the paths. */
    public BackupRequest onOneFileSystem() {
        return new BackupRequest(
                source, paths, tags, exclusions, omitted, true, policy, tool, audit, follower, watched);
    }

    /** The same, placed by a policy. */
    public BackupRequest placedBy(PlacementPolicy other) {
        return new BackupRequest(
                source, paths, tags, exclusions, omitted, oneFileSystem, other, tool, audit, follower, watched);
    }

    /** The same, made by a program whose audit trail is asked for its head. */
    public BackupRequest madeBy(String program, Supplier<Snapshot.AuditAnchor> trail) {
        return new BackupRequest(
                source, paths, tags, exclusions, omitted, oneFileSystem, policy, program, trail, follower, watched);
    }

    /** The same, with somebody who hears how it gets on. */
    public BackupRequest followedBy(Follower other) {
        return new BackupRequest(
                source, paths, tags, exclusions, omitted, oneFileSystem, policy, tool, audit, other, watched);
    }

    /** The same, where something is looked at as a sign of ransomware, and something is not. */
    public BackupRequest watching(Watched other) {
        return new BackupRequest(
                source, paths, tags, exclusions, omitted, oneFileSystem, policy, tool, audit, follower, other);
    }
}
