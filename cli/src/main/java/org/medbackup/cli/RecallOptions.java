package org.medbackup.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore.Recall.Speed;
import org.medbackup.service.RecallOrder;
import picocli.CommandLine.Option;

/** How what lies in cold storage is brought back, as a call says it. */
final class RecallOptions {

    @Option(
            names = "--recall",
            paramLabel = "SPEED",
            description =
                    "Brings back what lies in cold storage and waits for it: expedited, standard or bulk. What comes"
                            + " faster costs more.")
    @Nullable
    Speed speed;

    @Option(
            names = "--deadline",
            paramLabel = "SPAN",
            description =
                    "Takes the cheapest speed at which everything can be read by then, such as 24h; ends with 6 where"
                            + " there is none.",
            converter = Spans.class)
    @Nullable
    Duration deadline;

    @Option(
            names = "--budget",
            paramLabel = "AMOUNT",
            description = "Asks for nothing where it costs more by the prices of the policy; ends with 4 then.")
    @Nullable
    Double budget;

    @Option(
            names = "--recall-batch",
            paramLabel = "PACKS",
            description = "So many packs are on their way at the same time; 10000 where nothing is said.")
    @Nullable
    Integer batch;

    /** Whether a call says that something may be asked for. */
    boolean areGiven() {
        return speed != null || deadline != null || budget != null;
    }

    /** How it is brought back. */
    RecallOrder order() {
        Speed wanted = speed;
        Duration latest = deadline;
        Double most = budget;
        Integer packs = batch;
        RecallOrder order = wanted == null ? RecallOrder.cheapest() : RecallOrder.of(wanted);
        order = latest == null ? order : order.within(latest);
        order = most == null ? order : order.costing(most);
        if (packs == null) {
            return order;
        }
        if (packs < 1) {
            throw ErrorCode.USAGE.because("--recall-batch is at least 1");
        }
        return order.inBatchesOf(packs);
    }
}
