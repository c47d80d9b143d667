package org.medbackup.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.medbackup.core.PathBytes;
import org.medbackup.core.event.OperationLog;
import org.medbackup.engine.Entry;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RestoreRequest;
import org.medbackup.recovery.rotation.FileSample;
import org.medbackup.service.PlanOperations.Held;

/** What a drill restores of a restore point: all, or a share of its files. */
final class DrillSample {

    private DrillSample() {}

    /**
     * The restore of an application.
     *
     * @param folder that it is restored into
     */
    static RestoreRequest request(
            Repository repository, Held held, DrillOrder.Choice choice, Path folder, OperationLog log) {
        return new RestoreRequest(
                held.snapshot(), PathBytes.of("/"), includes(repository, held.snapshot(), choice, log), folder);
    }

    /** Paths of the files of the sample, at least one where there is any; none where all is restored. */
    private static List<PathBytes> includes(
            Repository repository, String snapshot, DrillOrder.Choice choice, OperationLog log) {
        if (!choice.isPartial()) {
            return List.of();
        }
        var sample = new FileSample(choice.share(), choice.seed());
        List<PathBytes> taken = new ArrayList<>();
        List<PathBytes> first = new ArrayList<>();
        Comparator<PathBytes> order = Comparator.comparingDouble(path -> sample.place(path.bytes()));
        repository.list(
                snapshot,
                PathBytes.of("/"),
                true,
                entry -> {
                    if (entry.type() != Entry.Type.FILE) {
                        return;
                    }
                    PathBytes path = PathBytes.of(entry.path());
                    if (sample.takes(path.bytes())) {
                        taken.add(path);
                    } else if (first.isEmpty() || order.compare(path, first.getFirst()) < 0) {
                        first.clear();
                        first.add(path);
                    }
                },
                log);
        return taken.isEmpty() ? first : taken;
    }
}
