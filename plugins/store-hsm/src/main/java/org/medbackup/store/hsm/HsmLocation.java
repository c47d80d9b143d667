package org.medbackup.store.hsm;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * Where a repository lies: {@code hsm:///mnt/archive/medbackup?commands=/etc/medbackup/hsm.yaml}.
 *
 * @param folder absolute
 * @param commands absolute path of the file of commands, null where the site has none
 */
record HsmLocation(Path folder, @Nullable Path commands) {

    private static final String OPTION = "commands=";

    HsmLocation {
        if (!folder.isAbsolute() || commands != null && !commands.isAbsolute()) {
            throw new IllegalArgumentException("both paths are absolute");
        }
    }

    /**
     * Reads a location.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#LOCATION_UNSUPPORTED}, whose message quotes
     *     nothing of the location
     */
    static HsmLocation of(URI location) {
        String authority = location.getRawAuthority();
        String path = location.getPath();
        String query = location.getRawQuery();
        boolean hasHost = authority != null && !authority.isEmpty();
        boolean hasOthers = query != null && (!query.startsWith(OPTION) || query.indexOf('&') >= 0);
        if (hasHost || path == null || !path.startsWith("/") || location.getFragment() != null || hasOthers) {
            throw malformed(null);
        }
        try {
            Path commands = query == null
                    ? null
                    : Path.of(URLDecoder.decode(
                            // A plus is a plus in a path; only forms write a blank with it.
                            query.substring(OPTION.length()).replace("+", "%2B"), StandardCharsets.UTF_8));
            return new HsmLocation(Path.of(path).normalize(), commands);
        } catch (IllegalArgumentException noPath) {
            throw malformed(noPath);
        }
    }

    private static BackupException malformed(@Nullable Throwable cause) {
        return ErrorCode.LOCATION_UNSUPPORTED.because(
                "a folder under hierarchical storage management is written hsm:///folder and knows the option commands:"
                        + " hsm:///folder?commands=/absolute/path.yaml",
                cause);
    }

    /** For people. */
    @Override
    public String toString() {
        return "hsm://" + folder;
    }
}
