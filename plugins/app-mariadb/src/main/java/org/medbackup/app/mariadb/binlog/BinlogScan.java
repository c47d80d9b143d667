package org.medbackup.app.mariadb.binlog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is noted of a file when it is stored, so that a recovery can be planned without reading it.
 *
 * @param format what its first event says
 * @param begins the state of the log before it
 * @param ends the state after it
 * @param length in bytes
 * @param newest the latest time of any event, in seconds since 1970
 * @param groups how many transactions it has
 * @param next the file that follows, as its last event says; empty where the file was not closed by going on to another
 * @param stopped whether the server was shut down at its end
 */
public record BinlogScan(
        FileFormat format,
        GtidState begins,
        GtidState ends,
        long length,
        long newest,
        long groups,
        String next,
        boolean stopped) {

    static final String BEGINS = "begins";
    static final String ENDS = "ends";
    static final String LENGTH = "length";
    static final String NEWEST = "newest";
    static final String CREATED = "created";

    /** Reads a whole file, or its beginning. */
    public static BinlogScan of(Path file) throws IOException {
        return scan(file, BinlogReader.FIRST, GtidState.NOTHING);
    }

    /**
     * Reads a part that was received.
     *
     * @param origin position in the server's file of what comes after the part's first event
     * @param before the state there
     */
    public static BinlogScan ofPart(Path file, long origin, GtidState before) throws IOException {
        return scan(file, origin, before);
    }

    private static BinlogScan scan(Path file, long origin, GtidState before) throws IOException {
        try (BinlogReader reader = BinlogReader.open(file, origin)) {
            GtidState begins = before;
            var last = new TreeMap<>(before.last());
            long newest = reader.format().created();
            long groups = 0;
            String next = "";
            boolean stopped = false;
            while (reader.next()) {
                newest = Math.max(newest, reader.when());
                switch (reader.type()) {
                    case BinlogReader.GTID_LIST -> {
                        begins = reader.state();
                        last.clear();
                        last.putAll(begins.last());
                    }
                    case BinlogReader.GTID -> {
                        Gtid gtid = reader.gtid();
                        Long earlier = last.put(new GtidState.Origin(gtid.domain(), gtid.server()), gtid.sequence());
                        if (origin > BinlogReader.FIRST
                                && groups == 0
                                && earlier != null
                                && earlier >= gtid.sequence()) {
                            throw new MalformedBinlog("its first transaction was there before");
                        }
                        groups++;
                    }
                    case BinlogReader.ROTATE -> next = reader.following();
                    case BinlogReader.STOP -> stopped = true;
                    default -> {
                        // Statements and rows, which nobody here looks at.
                    }
                }
            }
            return new BinlogScan(
                    reader.format(), begins, new GtidState(last), reader.end(), newest, groups, next, stopped);
        }
    }

    /** Whether its server has closed it: nothing will be added. */
    public boolean isClosed() {
        return stopped || !next.isEmpty();
    }

    /** For the archive. */
    public SortedMap<String, String> facts() {
        var facts = new TreeMap<String, String>();
        facts.put(BEGINS, begins.toString());
        facts.put(ENDS, ends.toString());
        facts.put(LENGTH, Long.toString(length));
        facts.put(NEWEST, Long.toString(newest));
        facts.put(CREATED, Long.toString(format.created()));
        return facts;
    }
}
