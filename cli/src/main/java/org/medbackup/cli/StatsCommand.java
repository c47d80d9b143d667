package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import org.medbackup.core.ByteSizes;
import org.medbackup.engine.RepositoryStats;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;

/** Sizes of a repository. */
@Command(name = "stats", description = "Shows sizes, and what deduplication and compression save.")
final class StatsCommand extends ProductCommand {

    @Override
    Answer answer(MedBackup product) {
        RepositoryStats stats = product.stats(root().access());
        var bytes = new LinkedHashMap<String, Object>();
        bytes.put("logical", stats.logicalBytes());
        bytes.put("unique", stats.uniqueBytes());
        bytes.put("stored", stats.storedBytes());
        var ratio = new LinkedHashMap<String, Object>();
        ratio.put("dedup", stats.dedupRatio());
        ratio.put("compression", stats.compressionRatio());
        return new Answer()
                .field("snapshots", stats.snapshots())
                .field("chunks", stats.chunks())
                .field("bytes", bytes)
                .field("ratio", ratio)
                .line(stats.snapshots() + " restore points, " + stats.chunks() + " chunks")
                .line(String.format(
                        Locale.ROOT,
                        "%s of files, %s unique (%.2f : 1), %s stored (%.2f : 1)",
                        ByteSizes.text(stats.logicalBytes()),
                        ByteSizes.text(stats.uniqueBytes()),
                        stats.dedupRatio(),
                        ByteSizes.text(stats.storedBytes()),
                        stats.compressionRatio()));
    }
}
