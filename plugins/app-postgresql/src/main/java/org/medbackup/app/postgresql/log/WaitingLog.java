package org.medbackup.app.postgresql.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.postgresql.Lsn;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.LogArchive.LogFile;
import org.medbackup.core.spi.app.LogStoring;
import org.medbackup.core.spi.app.LogStoring.Batch;

/** What waits in the spool, with what is to be known of each file later. */
final class WaitingLog implements LogStoring.Waiting<Lsn> {

    private final Spool spool;
    private @Nullable Lsn furthest;

    WaitingLog(Spool spool) {
        this.spool = spool;
    }

    /** A history stays for ever, so it is in a restore point of its own. */
    @Override
    public List<Batch<Lsn>> batches() {
        List<LogFile> histories = new ArrayList<>();
        List<LogFile> segments = new ArrayList<>();
        for (Path each : spool.waiting()) {
            String name = each.getFileName().toString();
            if (name.endsWith(".history")) {
                histories.add(new LogFile(name, each, HandedOver.history(text(each))));
            } else {
                WalScan scan = WalScan.of(each);
                segments.add(new LogFile(name, each, scan.facts()));
                reach(scan.address().value() + each.toFile().length());
            }
        }
        return Stream.of(new Batch<Lsn>(histories, null), new Batch<>(segments, furthest))
                .filter(each -> !each.files().isEmpty())
                .toList();
    }

    private void reach(long end) {
        if (furthest == null || Long.compareUnsigned(end, furthest.value()) > 0) {
            furthest = new Lsn(end);
        }
    }

    private static String text(Path history) {
        try {
            return Files.readString(history, StandardCharsets.ISO_8859_1);
        } catch (IOException failed) {
            throw ErrorCode.STATE_UNUSABLE.because("the spool of the log cannot be read", failed);
        }
    }

    @Override
    public void remove(List<Path> files) {
        spool.remove(files);
    }
}
