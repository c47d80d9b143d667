package org.medbackup.governor.signal;

import java.net.URI;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** What stands in the addresses of signals. Failures do not repeat it. */
final class Addresses {

    private Addresses() {}

    /** What follows the scheme, decoded, without slashes that only stand for a host that is not named. */
    static String rest(URI address) {
        String rest = address.getSchemeSpecificPart();
        return rest.startsWith("///") ? rest.substring(2) : rest;
    }

    /** The absolute path that follows the scheme. */
    static String path(URI address) {
        String path = rest(address);
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            throw wrong(address, "an absolute path is wanted after the colon");
        }
        return path;
    }

    static BackupException wrong(URI address, String why) {
        return ErrorCode.INVALID_SIGNAL.because(address.getScheme() + ": " + why);
    }
}
