package org.medbackup.engine.internal.backup;

import org.medbackup.engine.internal.scan.CacheRecord;

/** Takes the entries of a source in the order of their paths. */
@FunctionalInterface
public interface EntrySink {

    /** Takes a record; parts and the end of a large file follow its entry. */
    void add(CacheRecord record);
}
