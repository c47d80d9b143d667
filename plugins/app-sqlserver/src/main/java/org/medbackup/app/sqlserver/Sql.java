package org.medbackup.app.sqlserver;

import java.util.List;
import java.util.stream.Collectors;

/** Names and texts as Transact-SQL writes them. Statements of backups take no parameters, so quoting is all there is. */
public final class Sql {

    private Sql() {}

    /** A delimited identifier. */
    public static String name(String name) {
        return "[" + name.replace("]", "]]") + "]";
    }

    /** Several, separated by commas. */
    public static String names(List<String> names) {
        return names.stream().map(Sql::name).collect(Collectors.joining(", "));
    }

    /** A text literal. */
    public static String text(String text) {
        return "N'" + text.replace("'", "''") + "'";
    }
}
