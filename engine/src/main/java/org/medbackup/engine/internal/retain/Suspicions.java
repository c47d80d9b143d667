package org.medbackup.engine.internal.retain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.Snapshot;
import org.medbackup.engine.Suspicion;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.commit.Signers;
import org.medbackup.engine.internal.log.Findings;

/**
 * The suspicions that stand. Immutable.
 *
 * @param standing in the order in which they were found
 * @param cleared ids of the restore points that were cleared
 */
public record Suspicions(List<Suspicion> standing, Set<String> cleared) {

    public Suspicions {
        standing = List.copyOf(standing);
        cleared = Set.copyOf(cleared);
    }

    /**
     * Reads all of them. One that cannot be read may freeze any source, so that it is an error and not a finding.
     *
     * @throws DamageException with {@link ErrorCode#SUSPICIONS_UNREADABLE}
     */
    public static Suspicions read(RepositoryCore core, Findings findings) {
        var names = new ArrayList<ObjectName>();
        core.store().list(SuspicionRecord.PREFIX, info -> {
            // What else lies there, as somebody's copy, is not ours.
            if (SuspicionRecord.isName(info.name())) {
                names.add(info.name());
            }
        });
        if (names.isEmpty()) {
            return new Suspicions(List.of(), Set.of());
        }
        names.sort(Comparator.naturalOrder());
        Signers signers = Signers.read(core.store(), core.keys(), findings);
        Map<String, Suspicion> found = new LinkedHashMap<>();
        Set<String> cleared = new HashSet<>();
        for (ObjectName name : names) {
            SuspicionRecord each = read(core, name, signers);
            each.suspicion().ifPresentOrElse(one -> found.putIfAbsent(one.snapshot(), one), () -> {
                cleared.add(each.snapshot());
            });
        }
        found.keySet().removeAll(cleared);
        return new Suspicions(List.copyOf(found.values()), cleared);
    }

    private static SuspicionRecord read(RepositoryCore core, ObjectName name, Signers signers) {
        try {
            return SuspicionRecord.decode(core.store().readAll(name), name, core.keys(), signers);
        } catch (DamageException damaged) {
            throw ErrorCode.SUSPICIONS_UNREADABLE
                    .because("one of them does not open: " + damaged.code(), damaged)
                    .with("object", name);
        }
    }

    /** The first that freezes a restore point's source; empty where none does. */
    public Optional<Suspicion> freezing(Snapshot point) {
        return standing.stream().filter(each -> each.freezes(point)).findFirst();
    }
}
