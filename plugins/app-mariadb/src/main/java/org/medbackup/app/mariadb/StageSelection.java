package org.medbackup.app.mariadb;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.app.CopySink.Choice;
import org.medbackup.core.spi.app.CopySink.Selection;

/** What of a data directory belongs into a backup: all but what is of the running server only, and the binary log. */
final class StageSelection implements Selection {

    private static final Pattern OF_THE_RUN = Pattern.compile(
            "ibtmp\\d+|.*\\.pid|.*\\.sock|.*\\.lock|aria_log\\.lock|tc\\.log\\.tmp|#sql-temptable.*|lost\\+found");

    private final Pattern binaryLog;

    StageSelection(Server server) {
        String base = server.variable("log_bin_basename");
        String name = base.isEmpty() ? "" : String.valueOf(Path.of(base).getFileName());
        this.binaryLog =
                Pattern.compile(name.isEmpty() ? "(?!)" : Pattern.quote(name) + "\\.(?:\\d+(?:\\.idx)?|index|state)");
    }

    @Override
    public Choice choose(PathBytes below, boolean folder) {
        String path = below.toString();
        boolean omitted = path.indexOf('/') < 0
                && (OF_THE_RUN.matcher(path).matches()
                        || !folder && binaryLog.matcher(path).matches());
        return omitted ? Choice.OMIT : Choice.TAKE;
    }
}
