package org.medbackup.store.hsm;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;

/**
 * Files as {@code store-file} keeps them, read only while they are resident: else a scan or a verification would bring back
 * a whole archive, one tape after the other. Safe for use by several threads.
 */
final class HsmStore implements ObjectStore {

    private final String location;
    private final ObjectStore files;
    private final Residences residences;
    private final HsmRecall recall;

    /** Closes both the files and the recall with itself. */
    HsmStore(String location, ObjectStore files, Residences residences, HsmRecall recall) {
        this.location = location;
        this.files = files;
        this.residences = residences;
        this.recall = recall;
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
        return files.putIfAbsent(name, content);
    }

    /** Fails with {@link ErrorCode#OBJECT_OFFLINE} where the file is away, before it is opened. */
    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        if (residences.of(name) != Residence.RESIDENT) {
            throw ErrorCode.OBJECT_OFFLINE
                    .because("the file system has moved its content away")
                    .with("object", name)
                    .with("store", location);
        }
        return files.read(name, offset, target);
    }

    @Override
    public OptionalLong length(ObjectName name) {
        return files.length(name);
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> visitor) {
        files.list(prefix, visitor);
    }

    @Override
    public boolean delete(ObjectName name) {
        return files.delete(name);
    }

    @Override
    public Optional<Recall> recall() {
        return Optional.of(recall);
    }

    @Override
    public boolean isEmpty() {
        return files.isEmpty();
    }

    /** Recalls in the background that are not done are given up by us; what the file system has begun it may go on with. */
    @Override
    public void close() {
        recall.close();
        files.close();
    }
}
