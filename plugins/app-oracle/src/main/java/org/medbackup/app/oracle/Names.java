package org.medbackup.app.oracle;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What one run is called by RMAN and in the folder.
 *
 * @param folder in which the server writes
 * @param tag of the run's backup sets, at most 30 characters and in capitals, as RMAN wants it
 */
record Names(Path folder, String tag) {

    private static final String FILE = "medbackup-";
    private static final int BYTES = 10;

    static Names of(Path folder, String run) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(run.getBytes(StandardCharsets.UTF_8));
            return new Names(folder, "MB_" + HexFormat.of().withUpperCase().formatHex(digest, 0, BYTES));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** Of image copies, which outlive runs: the same for one database and one folder. */
    static Names ofCopies(Path folder, Instance instance) {
        return of(folder, "copies of " + instance.dbid() + " " + instance.uniqueName() + " in " + folder);
    }

    /** With this every file of ours begins. */
    static String ofAll(Path folder) {
        return folder.resolve(FILE).toString();
    }

    static String fileOf(String tag) {
        return FILE + tag + "-";
    }

    /** With this the names of this run's files begin. */
    String file() {
        return fileOf(tag);
    }

    /** The script of a chain of pieces; not named like them, for RMAN catalogues all that is. */
    Path script() {
        return folder.resolve("recover-" + FILE + tag + ".rman");
    }

    Path path(String end) {
        return folder.resolve(file() + end);
    }
}
