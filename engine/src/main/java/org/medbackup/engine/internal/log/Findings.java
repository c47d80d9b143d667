package org.medbackup.engine.internal.log;

import java.util.LinkedHashMap;
import java.util.Map;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.store.ObjectName;

/** Damaged objects that were met and could be made good, each said once. Safe for use by several threads. */
public final class Findings {

    private final OperationLog log;
    private final Map<ObjectName, ErrorCode> found = new LinkedHashMap<>();

    public Findings(OperationLog log) {
        this.log = log;
    }

    /** An object failed. */
    public void add(ObjectName object, BackupException failure) {
        add(object, failure.code());
    }

    /** An object failed. */
    public synchronized void add(ObjectName object, ErrorCode code) {
        if (found.putIfAbsent(object, code) == null) {
            log.found(code, Facts.of("object", object));
        }
    }

    /** All that were met, in order. */
    public synchronized Map<ObjectName, ErrorCode> all() {
        return new LinkedHashMap<>(found);
    }
}
