package org.medbackup.engine;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.medbackup.core.error.ErrorCode;

/** Finds the restore point that a text names. */
final class SnapshotSelector {

    private static final String LATEST = "latest";

    private SnapshotSelector() {}

    static Snapshot find(List<Snapshot> snapshots, String text) {
        if (text.equals(LATEST)) {
            return newest(snapshots, "there is none yet");
        }
        if (text.startsWith(LATEST + "@")) {
            String source = text.substring(LATEST.length() + 1);
            return newest(
                    snapshots.stream()
                            .filter(snapshot -> snapshot.source().equals(source))
                            .toList(),
                    "there is none of the source " + source);
        }
        String beginning = text.toLowerCase(Locale.ROOT);
        List<Snapshot> matching = snapshots.stream()
                .filter(snapshot -> !beginning.isEmpty() && snapshot.id().startsWith(beginning))
                .toList();
        if (matching.isEmpty()) {
            throw ErrorCode.SNAPSHOT_NOT_FOUND.because("no id begins with " + text);
        }
        if (matching.size() > 1) {
            throw ErrorCode.SNAPSHOT_AMBIGUOUS.because(matching.size() + " ids begin with " + text);
        }
        return matching.getFirst();
    }

    private static Snapshot newest(List<Snapshot> snapshots, String none) {
        return snapshots.stream()
                .max(Comparator.comparing(Snapshot::time))
                .orElseThrow(() -> ErrorCode.SNAPSHOT_NOT_FOUND.because(none));
    }
}
