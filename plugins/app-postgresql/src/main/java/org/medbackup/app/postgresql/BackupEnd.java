package org.medbackup.app.postgresql;

/** What the end of a backup gave. The arrays are not to be changed. */
final class BackupEnd {

    private final Lsn lsn;
    private final byte[] label;
    private final byte[] tablespaceMap;

    BackupEnd(Lsn lsn, byte[] label, byte[] tablespaceMap) {
        this.lsn = lsn;
        this.label = label;
        this.tablespaceMap = tablespaceMap;
    }

    /** End of the log that a restore needs. */
    Lsn lsn() {
        return lsn;
    }

    /** Content of {@code backup_label}, byte for byte. */
    byte[] label() {
        return label;
    }

    /** Content of {@code tablespace_map}, byte for byte; empty where there are no tablespaces. */
    byte[] tablespaceMap() {
        return tablespaceMap;
    }
}
