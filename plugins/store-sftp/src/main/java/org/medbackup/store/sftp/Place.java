package org.medbackup.store.sftp;

import java.util.HexFormat;
import org.medbackup.core.Entropy;
import org.medbackup.core.spi.throttle.Throttle;

/**
 * Where the files of a store are, and how they come there.
 *
 * @param root of the store, without a slash at its end
 */
record Place(String root, Folders folders, Naming naming, Throttle throttle, Entropy entropy) {

    /** The folder for files that have no name of their own yet. */
    static final String TEMPORARY = ".tmp";

    private static final int NAME_BYTES = 16;

    static Place of(String root, Throttle throttle, Entropy entropy) {
        return new Place(root, new Folders(root), new Naming(() -> newName(root, entropy)), throttle, entropy);
    }

    /** The root, as it is asked for. */
    String top() {
        return root.isEmpty() ? "/" : root;
    }

    /** The folder for files that have no name of their own yet. */
    String temporary() {
        return root + "/" + TEMPORARY;
    }

    /** A name in it that nobody else has. */
    String newName() {
        return newName(root, entropy);
    }

    private static String newName(String root, Entropy entropy) {
        return root + "/" + TEMPORARY + "/" + HexFormat.of().formatHex(entropy.bytes(NAME_BYTES));
    }
}
