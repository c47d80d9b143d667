package org.medbackup.engine;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.medbackup.core.error.ErrorCode;

/**
 * A legal hold: as long as it stands, no restore point that it covers is given up, whatever any rule says.
 *
 * @param id 8 hexadecimal digits
 * @param matter for which it was placed
 * @param by who placed it
 * @param since when
 * @param selector which restore points it covers, also those that are made later
 */
public record LegalHold(String id, String matter, String by, Instant since, Selector selector) {

    /**
     * Which restore points; one has to meet all that is asked.
     *
     * @param snapshots ids; empty for any
     * @param source name; empty for any
     * @param host empty for any
     * @param paths absolute; those restore points that hold one of them, a folder above or something below; empty for any
     * @param from made at that time or later; empty for any
     * @param until made before that time; empty for any
     */
    public record Selector(
            Set<String> snapshots,
            String source,
            String host,
            List<String> paths,
            Optional<Instant> from,
            Optional<Instant> until) {

        /** All restore points, also those to come. */
        public static final Selector ALL =
                new Selector(Set.of(), "", "", List.of(), Optional.empty(), Optional.empty());

        public Selector {
            snapshots = Set.copyOf(snapshots);
            paths = List.copyOf(paths);
            if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
                throw ErrorCode.USAGE.because("a hold of this time covers nothing: it ends before it begins");
            }
            paths.stream().filter(path -> !path.startsWith("/")).findFirst().ifPresent(path -> {
                throw ErrorCode.USAGE.because("the path of a hold is absolute").with("path", path);
            });
        }

        /** Single restore points. */
        public static Selector of(Set<String> snapshots) {
            return new Selector(snapshots, "", "", List.of(), Optional.empty(), Optional.empty());
        }

        /** Whether it covers a restore point. */
        public boolean covers(Snapshot snapshot) {
            return (snapshots.isEmpty() || snapshots.contains(snapshot.id()))
                    && (source.isEmpty() || source.equals(snapshot.source()))
                    && (host.isEmpty() || host.equals(snapshot.host()))
                    && (paths.isEmpty() || paths.stream().anyMatch(path -> meets(path, snapshot)))
                    && from.map(time -> !snapshot.time().isBefore(time)).orElse(true)
                    && until.map(time -> snapshot.time().isBefore(time)).orElse(true);
        }

        private static boolean meets(String path, Snapshot snapshot) {
            return snapshot.paths().stream().anyMatch(each -> isBelow(path, each) || isBelow(each, path));
        }

        private static boolean isBelow(String path, String folder) {
            String above = folder.endsWith("/") ? folder : folder + "/";
            return path.equals(folder) || path.startsWith(above) || (path + "/").equals(above);
        }
    }
}
