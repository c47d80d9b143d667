package org.medbackup.service;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;

/**
 * A repository of which what goes into cold storage goes to the targets of the job's copies at once, since nobody can read it
 * there afterwards without asking for it and waiting. What is at hand is copied later, restore point by restore point. A target
 * that fails gets nothing more in this run; then a copy has to recall what it lacks. Safe for use by several threads.
 */
final class ColdCopies implements ObjectStore {

    /** The beginning of the names of packs of data: nothing else is put into cold storage. */
    private static final String DATA = "d/";

    private final ObjectStore inner;
    private final Predicate<String> cold;
    private final Map<String, ObjectStore> copies;
    private final BiConsumer<String, BackupException> failed;

    /**
     * A repository.
     *
     * @param inner itself; closed with this
     * @param cold whether what is put into a tier cannot be read at once
     * @param copies targets of copies, by name; closed with this
     * @param failed told of each target that gets nothing more
     */
    ColdCopies(
            ObjectStore inner,
            Predicate<String> cold,
            Map<String, ObjectStore> copies,
            BiConsumer<String, BackupException> failed) {
        this.inner = inner;
        this.cold = cold;
        this.copies = new LinkedHashMap<>(copies);
        this.failed = failed;
    }

    /**
     * Does something with every copy that has not failed; with one that fails nothing more is done.
     *
     * @param work such as making it ready
     */
    synchronized void each(Consumer<ObjectStore> work) {
        for (Iterator<Map.Entry<String, ObjectStore>> all = copies.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, ObjectStore> copy = all.next();
            try {
                work.accept(copy.getValue());
            } catch (BackupException away) {
                all.remove();
                copy.getValue().close();
                failed.accept(copy.getKey(), away);
            }
        }
    }

    @Override
    public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
        PutOutcome outcome = inner.putIfAbsent(name, content);
        if (name.text().startsWith(DATA) && cold.test(content.keeping().tier())) {
            each(copy -> copy.putIfAbsent(name, content));
        }
        return outcome;
    }

    @Override
    public String location() {
        return inner.location();
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        return inner.read(name, offset, target);
    }

    @Override
    public OptionalLong length(ObjectName name) {
        return inner.length(name);
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> visitor) {
        inner.list(prefix, visitor);
    }

    @Override
    public boolean delete(ObjectName name) {
        return inner.delete(name);
    }

    @Override
    public Optional<Questions> questions() {
        return inner.questions();
    }

    @Override
    public Optional<Locks> locks() {
        return inner.locks();
    }

    @Override
    public Optional<Recall> recall() {
        return inner.recall();
    }

    @Override
    public boolean isEmpty() {
        return inner.isEmpty();
    }

    @Override
    public void close() {
        copies.values().forEach(ObjectStore::close);
        inner.close();
    }
}
