package org.medbackup.app.postgresql;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of which the log tells each changed page: of the main fork or of the visibility map of a relation. The map of free
 * space is none, since the log does not tell its changes (PostgreSQL, {@code basebackup_incremental.c}).
 *
 * @param tablespace its oid
 * @param database its oid, 0 for what all databases share
 * @param number of the file
 * @param fork 0 or 2
 * @param segment which gigabyte
 */
record RelationFile(long tablespace, long database, long number, int fork, long segment) {

    private static final long DEFAULT_TABLESPACE = 1663;
    private static final long SHARED_TABLESPACE = 1664;
    private static final Pattern NAME = Pattern.compile(
            "(?:base/(?<db>\\d+)|(?<global>global)|(?:pg_tblspc/(?<spc>\\d+)/)?PG_\\d+_\\d+/(?<tdb>\\d+))"
                    + "/(?<number>\\d+)(?<vm>_vm)?(?:\\.(?<segment>\\d+))?");

    /**
     * What a path means, or null where the log does not tell all changes of the file.
     *
     * @param below path below the data directory or a tablespace
     * @param tablespace oid of the tablespace that is copied, or 0 for the data directory
     */
    static @org.jspecify.annotations.Nullable RelationFile of(String below, long tablespace) {
        Matcher name = NAME.matcher(below);
        if (!name.matches()) {
            return null;
        }
        long number = Long.parseLong(name.group("number"));
        int fork = name.group("vm") == null ? 0 : 2;
        String gigabyte = name.group("segment");
        long segment = gigabyte == null ? 0 : Long.parseLong(gigabyte);
        if (name.group("global") != null) {
            return new RelationFile(SHARED_TABLESPACE, 0, number, fork, segment);
        }
        String inBase = name.group("db");
        if (inBase != null) {
            return new RelationFile(DEFAULT_TABLESPACE, Long.parseLong(inBase), number, fork, segment);
        }
        String inPlace = name.group("spc");
        long space = inPlace == null ? tablespace : Long.parseLong(inPlace);
        return new RelationFile(space, Long.parseLong(name.group("tdb")), number, fork, segment);
    }
}
