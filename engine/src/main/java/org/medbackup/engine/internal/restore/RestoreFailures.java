package org.medbackup.engine.internal.restore;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.engine.RestoreResult.Failure;
import org.medbackup.linux.LinuxException;

/** What could not be restored as it was; the first thousand are kept. Safe for use by several threads. */
public final class RestoreFailures {

    private static final int KEPT = 1000;

    private final List<Failure> first = new ArrayList<>();
    private long count;
    private boolean damaged;

    public RestoreFailures() {}

    synchronized void add(PathBytes path, String attribute, String message) {
        count++;
        if (first.size() < KEPT) {
            first.add(new Failure(path.toString(), attribute, message));
        }
    }

    void add(PathBytes path, String attribute, LinuxException failure) {
        add(path, attribute, String.valueOf(failure.getMessage()));
    }

    void add(PathBytes path, BackupException failure) {
        add(path, "content", failure.describe());
        if (failure instanceof DamageException) {
            markDamaged();
        }
    }

    private synchronized void markDamaged() {
        damaged = true;
    }

    public synchronized List<Failure> first() {
        return List.copyOf(first);
    }

    public synchronized long count() {
        return count;
    }

    /** Whether one of them was damage in the repository. */
    public synchronized boolean damaged() {
        return damaged;
    }
}
