package org.medbackup.service;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Closes what was opened, in the reverse order. One that cannot be closed does not keep the others open, nor their secrets
 * in memory; the first such failure is thrown, the others are suppressed in it. For one thread.
 */
final class ClosedTogether implements AutoCloseable {

    private final List<AutoCloseable> open = new ArrayList<>();

    /** Takes over what is open. */
    <T extends AutoCloseable> T add(T opened) {
        open.add(opened);
        return opened;
    }

    @Override
    public void close() {
        RuntimeException first = null;
        for (AutoCloseable each : open.reversed()) {
            RuntimeException failed = closed(each);
            if (first == null) {
                first = failed;
            } else if (failed != null) {
                first.addSuppressed(failed);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static @Nullable RuntimeException closed(AutoCloseable each) {
        try {
            each.close();
            return null;
        } catch (RuntimeException failed) {
            return failed;
        } catch (Exception undeclared) {
            return new IllegalStateException("what is closed here declares nothing", undeclared);
        }
    }
}
