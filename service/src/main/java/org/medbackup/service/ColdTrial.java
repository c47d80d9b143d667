package org.medbackup.service;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.ObjectStore.Recall;
import org.medbackup.core.spi.store.ObjectStore.Recall.Readiness;
import org.medbackup.core.spi.store.ObjectStore.Recall.Speed;

/** Puts an object into cold storage, tries to read it, and asks for it. */
final class ColdTrial {

    /** The name of a pack of data; nothing else is ever put into cold storage. */
    private static final ObjectName NAME = ObjectName.of("d/cold");

    private ColdTrial() {}

    /** Tries the cold storage of a store; nothing where it has none. */
    static TargetCapabilities.Cold run(ObjectStore store) {
        Recall recall = store.recall().orElse(null);
        if (recall == null) {
            return TargetCapabilities.Cold.NONE;
        }
        store.putIfAbsent(NAME, ObjectContent.of("cold".getBytes(StandardCharsets.US_ASCII)));
        boolean cold = recall.readiness(NAME) != Readiness.READABLE;
        boolean refused = isRefused(store);
        return new TargetCapabilities.Cold(true, cold, refused, cold && comes(recall));
    }

    private static boolean isRefused(ObjectStore store) {
        try {
            store.read(NAME, 0, ByteBuffer.allocate(4));
            return false;
        } catch (BackupException failure) {
            if (failure.code() == ErrorCode.OBJECT_OFFLINE) {
                return true;
            }
            throw failure;
        }
    }

    private static boolean comes(Recall recall) {
        try {
            recall.request(NAME, Speed.BULK, Duration.ofDays(1));
        } catch (BackupException failure) {
            if (failure.code().kind() == ErrorCode.Kind.REFUSED
                    || failure.code().kind() == ErrorCode.Kind.USAGE) {
                return false;
            }
            throw failure;
        }
        return recall.readiness(NAME) != Readiness.COLD;
    }
}
