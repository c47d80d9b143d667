package org.medbackup.engine.internal.copy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.RepairResult;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.pack.PackKind;
import org.medbackup.engine.internal.place.PlacementClasses;

/**
 * Brings objects back from another copy of the repository: packs, proven by their names, and small objects, proven by their
 * checksums. What is damaged is deleted only when what replaces it has been read and proven. Nothing is decrypted.
 */
public final class ObjectRepair {

    /** No small object is larger. */
    private static final long LARGEST = 64L << 20;

    private final RepositoryCore core;
    private final ObjectStore copy;
    private final List<String> repaired = new ArrayList<>();
    private final List<String> whole = new ArrayList<>();
    private final List<String> left = new ArrayList<>();

    private ObjectRepair(RepositoryCore core, ObjectStore copy) {
        this.core = core;
        this.copy = copy;
    }

    /** Repairs what can be repaired. */
    public static RepairResult run(
            RepositoryCore core, Collection<ObjectName> objects, ObjectStore copy, Findings findings) {
        core.keys().require(KeyRole.Right.COLLECT);
        var repair = new ObjectRepair(core, copy);
        PlacementClasses classes = core.placements(findings);
        PackBytes.Tiers tiers = PackBytes.Tiers.of(classes);
        try (var here = new PackBytes(core.context().throttle(), tiers);
                var there = new PackBytes(core.context().throttle(), tiers)) {
            objects.forEach(each -> repair.repair(each, here, there));
        }
        return new RepairResult(repair.repaired, repair.whole, repair.left);
    }

    private void repair(ObjectName name, PackBytes here, PackBytes there) {
        if (content(core.store(), name, here).isPresent()) {
            whole.add(name.text());
            return;
        }
        Optional<ObjectContent> intact = content(copy, name, there);
        if (intact.isEmpty()) {
            left.add(name.text());
            return;
        }
        if (core.store().length(name).isPresent()) {
            core.store().delete(name);
        }
        if (core.store().putIfAbsent(name, intact.get()) == PutOutcome.EXISTED
                && content(core.store(), name, here).isEmpty()) {
            throw ErrorCode.OBJECT_DAMAGED
                    .because("it cannot be replaced; the target keeps what it has")
                    .with("object", name);
        }
        repaired.add(name.text());
    }

    /** An object that is there and whole. */
    private Optional<ObjectContent> content(ObjectStore store, ObjectName name, PackBytes bytes) {
        OptionalLong length = store.length(name);
        if (length.isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<byte[]> pack = PackKind.idOf(name);
            if (pack.isPresent()) {
                return Optional.of(bytes.read(store, name, length.getAsLong(), pack.get()));
            }
            return length.getAsLong() > LARGEST ? Optional.empty() : small(store.readAll(name));
        } catch (DamageException damaged) {
            return Optional.empty();
        }
    }

    private Optional<ObjectContent> small(byte[] object) {
        boolean ours =
                Arrays.equals(Envelope.unwrap(object).repository(), core.keys().repository());
        return ours ? Optional.of(ObjectContent.of(object)) : Optional.empty();
    }
}
