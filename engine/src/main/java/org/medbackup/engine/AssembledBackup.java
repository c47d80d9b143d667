package org.medbackup.engine;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.engine.internal.backup.CompositeBackup;

/**
 * A backup that an application puts together piece by piece. Closing it without {@link #commit} leaves no restore point.
 * Used by one thread.
 */
public final class AssembledBackup implements CopySink, AutoCloseable {

    private final CompositeBackup backup;

    AssembledBackup(CompositeBackup backup) {
        this.backup = backup;
    }

    @Override
    public void tree(TreeCopy copy) {
        backup.tree(copy);
    }

    @Override
    public void file(Path source, PathBytes as, Cut cut) {
        backup.file(source, as, cut);
    }

    @Override
    public void content(PathBytes as, byte[] content, PathBytes attributesOf) {
        backup.content(as, content, attributesOf);
    }

    @Override
    public void stream(PathBytes as, InputStream content, StreamAttributes attributes, Cut cut) {
        backup.stream(as, content, attributes, cut);
    }

    /** As {@link #commit} was given it; empty as well where this machine's memory of it is lost. */
    @Override
    public Map<String, String> before() {
        return backup.before();
    }

    /** How many entries could not be read as they should so far. */
    public long errorCount() {
        return backup.errorCount();
    }

    /** Makes the restore point. */
    public BackupResult commit(ConsistencyLevel consistency, SortedMap<String, String> evidence) {
        return backup.commit(consistency, evidence);
    }

    @Override
    public void close() {
        backup.close();
    }
}
