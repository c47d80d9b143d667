package org.medbackup.app.sqlserver.fake;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Connections, statements and results of {@code java.sql} over a function that answers statements. */
final class JdbcFake {

    private JdbcFake() {}

    /** Answers one statement; null where it gives no table. */
    @FunctionalInterface
    interface Answers {

        @Nullable
        Table answer(String sql) throws SQLException;
    }

    /**
     * A table.
     *
     * @param columns names; empty where nobody asks by name
     */
    record Table(List<String> columns, List<List<@Nullable Object>> rows) {

        static Table of(List<List<@Nullable Object>> rows) {
            return new Table(List.of(), rows);
        }
    }

    static Connection connection(Answers answers, Runnable close) {
        return proxy(Connection.class, (self, method, arguments) -> switch (method.getName()) {
            case "createStatement" -> statement(answers);
            case "close" -> {
                close.run();
                yield null;
            }
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static Statement statement(Answers answers) {
        var current = new Object() {
            @Nullable
            Table table;
        };
        return proxy(Statement.class, (self, method, arguments) -> switch (method.getName()) {
            case "setQueryTimeout", "close" -> null;
            case "execute" -> {
                current.table = answers.answer((String) arguments[0]);
                yield current.table != null;
            }
            case "executeQuery" -> {
                Table table = answers.answer((String) arguments[0]);
                if (table == null) {
                    throw new SQLException("The statement did not return a result set.");
                }
                yield results(table);
            }
            case "getResultSet" -> results(java.util.Objects.requireNonNull(current.table));
            case "getMoreResults" -> {
                current.table = null;
                yield false;
            }
            case "getUpdateCount" -> -1;
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static ResultSet results(Table table) {
        var at = new int[] {-1};
        return proxy(ResultSet.class, (self, method, arguments) -> switch (method.getName()) {
            case "next" -> ++at[0] < table.rows().size();
            case "getRow" -> at[0] + 1;
            case "close" -> null;
            case "getString" -> {
                Object value = value(table, at[0], arguments[0]);
                yield value == null ? null : value.toString();
            }
            case "getBoolean" -> Boolean.TRUE.equals(value(table, at[0], arguments[0]));
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static @Nullable Object value(Table table, int row, Object column) {
        int index =
                column instanceof Integer number ? number - 1 : table.columns().indexOf((String) column);
        return table.rows().get(row).get(index);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
