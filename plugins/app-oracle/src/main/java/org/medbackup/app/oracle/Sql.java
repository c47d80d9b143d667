package org.medbackup.app.oracle;

import java.nio.file.Path;
import org.medbackup.core.error.ErrorCode;

/** Texts as SQL and RMAN write them. Statements of backups take no parameters, so quoting is all there is. */
public final class Sql {

    private Sql() {}

    /** A text literal. */
    public static String text(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /**
     * A path as a literal of both languages.
     *
     * @throws org.medbackup.core.error.UsageException where it holds what RMAN cannot quote
     */
    public static String path(String path) {
        if (path.chars().anyMatch(each -> each == '\'' || each == '"' || each < ' ')) {
            throw ErrorCode.USAGE.because(
                    "a path holds a quotation mark or a control character, which RMAN cannot take");
        }
        return "'" + path + "'";
    }

    static String path(Path path) {
        return path(path.toString());
    }
}
