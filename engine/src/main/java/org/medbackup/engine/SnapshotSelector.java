package org.medbackup.engine;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.medbackup.core.error.ErrorCode;

/** Finds the restore point that a text names. */
final class SnapshotSelector {

    private static final String LATEST = "latest";

    private SnapshotSelector() {}

    static Snapshot find(List<Snapshot> snapshots, String text) {
        if (text.equals(LATEST)) {
            List<Snapshot> states = snapshots.stream()
                    .filter(each -> !each.holdsLog() && !each.isOfSite())
                    .toList();
            return newest(states).orElseThrow(() -> ErrorCode.SNAPSHOT_NOT_FOUND.because("there is none yet"));
        }
        if (text.startsWith(LATEST + "@")) {
            String source = text.substring(LATEST.length() + 1);
            List<Snapshot> those = snapshots.stream()
                    .filter(snapshot -> snapshot.source().equals(source))
                    .toList();
            return newest(those)
                    .orElseThrow(() -> ErrorCode.SNAPSHOT_NOT_FOUND
                            .because("there is none of this source")
                            .about(source));
        }
        String beginning = text.toLowerCase(Locale.ROOT);
        List<Snapshot> matching = snapshots.stream()
                .filter(snapshot -> !beginning.isEmpty() && snapshot.id().startsWith(beginning))
                .toList();
        if (matching.isEmpty()) {
            throw ErrorCode.SNAPSHOT_NOT_FOUND.because("no id begins with this").about(text);
        }
        if (matching.size() > 1) {
            throw ErrorCode.SNAPSHOT_AMBIGUOUS.because(matching.size() + " ids begin with " + text);
        }
        return matching.getFirst();
    }

    private static Optional<Snapshot> newest(List<Snapshot> snapshots) {
        return snapshots.stream().max(Comparator.comparing(Snapshot::time));
    }
}
