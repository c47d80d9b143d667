package org.medbackup.app.mariadb.binlog;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where in a file a recovery ends: always between two transactions.
 *
 * @param offset of the first byte that is not replayed
 * @param time of the last transaction before it: when its last statement began; null where the file has none before it
 */
public record StopPoint(long offset, @Nullable Instant time) {

    /**
     * Looks for it.
     *
     * @param begun before this offset nothing is replayed
     */
    public static StopPoint in(Path file, LogTarget target, long begun) throws IOException {
        try (BinlogReader reader = BinlogReader.open(file)) {
            var search = new Search(reader, target, begun);
            while (reader.next()) {
                if (search.isOver()) {
                    return search.found();
                }
            }
            search.complete(reader.end());
            return search.found();
        }
    }

    /** Goes along the file; a transaction is complete when what is none of it comes, or the file's end. */
    private static final class Search {

        private final BinlogReader event;
        private final LogTarget target;
        private final long begun;
        private final Set<Gtid> wanted = new HashSet<>();
        private long at;
        private long time;
        private long within;
        private boolean inTransaction;

        Search(BinlogReader event, LogTarget target, long begun) {
            this.event = event;
            this.target = target;
            this.begun = begun;
            this.at = event.end();
            if (target instanceof LogTarget.Transactions transactions) {
                wanted.addAll(transactions.gtids());
            }
        }

        /** Whether the event that was read is the first that is not replayed. */
        boolean isOver() throws IOException {
            boolean begins = event.type() == BinlogReader.GTID;
            if (begins || !event.isOfTransaction()) {
                complete(event.start());
            }
            boolean enough = target instanceof LogTarget.Transactions && wanted.isEmpty() && !inTransaction;
            if (enough || isBeyond()) {
                return true;
            }
            if (begins) {
                inTransaction = true;
                Gtid seen = event.gtid();
                wanted.removeIf(each -> each.domain() == seen.domain()
                        && each.server() == seen.server()
                        && each.sequence() <= seen.sequence());
            }
            within = event.when();
            return false;
        }

        private boolean isBeyond() {
            return switch (target) {
                case LogTarget.End _, LogTarget.Transactions _ -> false;
                case LogTarget.Before before -> event.when() >= before.second();
                case LogTarget.Place place -> event.end() > place.offset();
            };
        }

        void complete(long end) {
            at = end;
            if (inTransaction && end > begun) {
                time = within;
            }
            inTransaction = false;
        }

        StopPoint found() {
            return new StopPoint(Math.max(at, begun), time == 0 ? null : Instant.ofEpochSecond(time));
        }
    }
}
