package org.medbackup.engine.internal.browse;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.event.OperationLog;
import org.medbackup.engine.RepositoryStats;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.index.IdTable;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.log.Progress;
import org.medbackup.engine.internal.pack.PackEntry;
import org.medbackup.engine.internal.pack.PackReader;

/** Adds up what the directories of all packs say. */
public final class StatsReader {

    private StatsReader() {}

    public static RepositoryStats read(RepositoryCore core, OperationLog log) {
        var findings = new Findings(log);
        var progress = new Progress(log, core.context().time());
        var reader = new PackReader(
                core.store(), core.keys().repository(), core.keys().indexKey());
        Index index = core.openIndex(findings);
        Set<String> seen = new HashSet<>();
        var ids = new IdTable();
        var sum = new long[2];
        index.eachPack(pack -> {
            if (!seen.add(HexFormat.of().formatHex(pack.id()))) {
                return;
            }
            try {
                for (PackEntry entry : reader.describe(pack.name()).directory().entries()) {
                    sum[0] += ids.add(entry.id()) ? entry.plainLength() : 0;
                }
                sum[1] += pack.length();
            } catch (DamageException damaged) {
                findings.add(pack.name(), damaged);
            }
            progress.say(seen.size(), sum[1], -1, -1);
        });
        var snapshots = new long[2];
        core.slots(findings)
                .each(
                        manifest -> {
                            snapshots[0]++;
                            snapshots[1] += manifest.open().sums().bytes();
                        },
                        (id, damaged) -> findings.add(Slots.slot(id), damaged));
        return new RepositoryStats(snapshots[0], ids.size(), snapshots[1], sum[0], sum[1]);
    }
}
