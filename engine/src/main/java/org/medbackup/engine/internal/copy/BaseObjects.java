package org.medbackup.engine.internal.copy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.index.IndexRoot;
import org.medbackup.engine.internal.keys.FormatObject;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.open.CreateOnly;
import org.medbackup.engine.internal.place.PlacementClass;
import org.medbackup.engine.internal.retain.AccessRecord;
import org.medbackup.engine.internal.retain.HoldRecord;
import org.medbackup.engine.internal.retain.SuspicionRecord;

/**
 * What makes a target a repository: a first index root, keys and certificates, the description. The description comes
 * last, as it does where a repository is made; a copy that was broken off before it is known by its root.
 */
final class BaseObjects {

    private static final String KEYS = "keys/";
    private static final String KEYS_COPY = "keys.2/";
    private static final List<ObjectName> FORMAT = List.of(ObjectName.of("format.2"), ObjectName.of("format"));

    private final RepositoryCore core;
    private final ObjectStore target;
    private final Findings findings;
    private final Keeping keeping;

    /**
     * Those of a restore point.
     *
     * @param keeping what is asked of the target for them
     */
    BaseObjects(RepositoryCore core, ObjectStore target, Findings findings, Keeping keeping) {
        this.keeping = keeping;
        this.core = core;
        this.target = target;
        this.findings = findings;
    }

    /**
     * Makes the target this repository, or completes it.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#REPOSITORY_EXISTS} where something else is
     *     there
     */
    void prepare() {
        boolean empty = target.isEmpty();
        if (!empty) {
            requireOurs();
        }
        // A target that was never a copy before gets all of them; one that was, those that were added since.
        if (empty || roots().isEmpty()) {
            IndexRoot root = firstRoot();
            byte[] first = root.encode(core.keys(), core.context().entropy());
            target.putIfAbsent(root.name(), ObjectContent.of(first));
            CreateOnly.require(target, root.name(), first);
        }
        Set<String> names = new TreeSet<>();
        eachBelow(core.store(), KEYS, name -> names.add(name.text().substring(KEYS.length())));
        eachBelow(core.store(), KEYS_COPY, name -> names.add(name.text().substring(KEYS_COPY.length())));
        for (String name : names) {
            List<ObjectName> twins = List.of(ObjectName.of(KEYS_COPY + name), ObjectName.of(KEYS + name));
            putTwins(twins, Envelope::unwrap);
        }
        eachBelow(core.store(), PlacementClass.PREFIX, this::single);
        eachBelow(core.store(), HoldRecord.PREFIX, this::single);
        eachBelow(core.store(), AccessRecord.PREFIX, this::single);
        eachBelow(core.store(), SuspicionRecord.PREFIX, this::single);
        putTwins(FORMAT, FormatObject::decode);
    }

    private void single(ObjectName name) {
        byte[] object = bytes(core.store(), name);
        try {
            if (object != null) {
                Envelope.unwrap(object);
                target.putIfAbsent(name, ObjectContent.of(object).kept(keeping));
            }
        } catch (DamageException damaged) {
            findings.add(name, damaged);
        }
    }

    /**
     * A root whose count of collections is no other's, so that no memory of a run against the original is taken for one
     * against the copy, which holds less.
     */
    private IndexRoot firstRoot() {
        long random = new ByteReader(core.context().entropy().bytes(Long.BYTES)).u64();
        return IndexRoot.firstOfCopy(random);
    }

    private void requireOurs() {
        for (ObjectName name : FORMAT) {
            byte[] object = bytes(target, name);
            if (object != null) {
                try {
                    if (Arrays.equals(
                            FormatObject.decode(object).repository(),
                            core.keys().repository())) {
                        return;
                    }
                    throw ErrorCode.REPOSITORY_EXISTS.because("another repository lies at the target");
                } catch (DamageException damaged) {
                    findings.add(name, damaged);
                }
            }
        }
        for (ObjectName name : roots()) {
            try {
                IndexRoot.decode(target.readAll(name), name, core.keys());
                return;
            } catch (DamageException other) {
                // Not ours, or damaged; another root may tell.
            }
        }
        throw ErrorCode.REPOSITORY_EXISTS.because("something else lies at the target");
    }

    private List<ObjectName> roots() {
        var roots = new ArrayList<ObjectName>();
        eachBelow(target, IndexRoot.PREFIX, roots::add);
        return roots;
    }

    private static void eachBelow(ObjectStore store, String prefix, Consumer<ObjectName> visitor) {
        store.list(prefix, info -> visitor.accept(info.name()));
    }

    /** Copies what stands twice, each from whichever of the two is intact. */
    private void putTwins(List<ObjectName> twins, Consumer<byte[]> proof) {
        byte[] intact = null;
        for (ObjectName name : twins) {
            byte[] object = bytes(core.store(), name);
            if (object == null) {
                findings.add(name, ErrorCode.OBJECT_MISSING);
                continue;
            }
            try {
                proof.accept(object);
                intact = object;
            } catch (DamageException damaged) {
                findings.add(name, damaged);
            }
        }
        if (intact != null) {
            for (ObjectName name : twins) {
                target.putIfAbsent(name, ObjectContent.of(intact).kept(keeping));
            }
        }
    }

    private static byte @Nullable [] bytes(ObjectStore store, ObjectName name) {
        try {
            return store.readAll(name);
        } catch (DamageException failure) {
            if (failure.code() == ErrorCode.OBJECT_MISSING) {
                return null;
            }
            throw failure;
        }
    }
}
