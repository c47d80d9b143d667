package org.medbackup.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.ByteSizes;
import org.medbackup.core.spi.app.ApplicationLog.Lag;
import org.medbackup.core.spi.app.ApplicationLog.Reception;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Receives a log as it is written. */
@Command(
        name = "receive",
        description =
                "Receives the log of APP as it is written and stores it, until it is ended. What was received and is"
                        + " not stored yet survives in the state folder.")
final class WalReceiveCommand extends GovernedCommand {

    @Parameters(index = "0", paramLabel = "APP", description = "The server: its account must be allowed to replicate.")
    String application = "";

    @Option(
            names = "--slot",
            paramLabel = "NAME",
            description = "Replication slot by which the server keeps what was not received (default: medbackup); made"
                    + " where it is missing. MariaDB has none.")
    String slot = Reception.USUAL.slot();

    @Option(
            names = "--segments",
            paramLabel = "N",
            description = "Stores as soon as N segments are whole (default: 8).")
    int segments = Reception.USUAL.files();

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            description = "Stores at the latest after this time, also a part of a segment (default: 300).")
    BigDecimal every = BigDecimal.valueOf(Reception.USUAL.interval().toSeconds());

    @Option(names = "--until-lsn", paramLabel = "LSN", description = "Ends when this position of the log is received.")
    String end = "";

    @Option(names = "--for", paramLabel = "SECONDS", description = "Ends after this time.")
    @Nullable
    BigDecimal lasting;

    @Override
    Answer answer(MedBackup product) {
        var reception = new Reception(
                slot, Math.max(1, segments), duration(every), end, lasting == null ? null : duration(lasting));
        Lag lag = product.logs().receive(root().access(), application, reception, this::tell);
        return new Answer()
                .field("received", lag.received())
                .field("stored", lag.stored())
                .field("lag", lag(lag))
                .field("files", lag.files())
                .line("received up to " + lag.received() + ", " + ByteSizes.text(lag.bytes()) + " are not stored");
    }

    private static Duration duration(BigDecimal seconds) {
        return Duration.ofMillis(seconds.movePointRight(3).longValue());
    }

    private void tell(Lag lag) {
        if (root().verbose) {
            root().terminal()
                    .tell("received " + lag.received() + ", not stored " + ByteSizes.text(lag.bytes())
                            + ", kept by the server " + ByteSizes.text(lag.retained()));
        }
    }

    private static Map<String, Object> lag(Lag lag) {
        var members = new LinkedHashMap<String, Object>();
        members.put("bytes", lag.bytes());
        members.put("seconds", BackupAnswer.seconds(lag.time()));
        members.put("retained", lag.retained());
        return members;
    }
}
