package org.medbackup.engine.internal.open;

import java.util.Arrays;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;

/**
 * Whether a target keeps what is there. All that this program promises of a repository rests on it, and there are object stores
 * that take no notice of the condition of a put; so it is tried on each target before the first data goes there.
 */
public final class CreateOnly {

    private CreateOnly() {}

    /**
     * Tries to put something else under a name that was just taken.
     *
     * @param there what was put
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#STORE_OVERWRITES} where the target let it happen;
     *     then the object is taken away
     */
    public static void require(ObjectStore store, ObjectName name, byte[] there) {
        byte[] other = Arrays.copyOf(there, there.length + 1);
        PutOutcome second = store.putIfAbsent(name, ObjectContent.of(other));
        if (second != PutOutcome.EXISTED || !Arrays.equals(store.readAll(name), there)) {
            store.delete(name);
            throw ErrorCode.STORE_OVERWRITES.because("a second put of a name took its place at " + store.location());
        }
    }
}
