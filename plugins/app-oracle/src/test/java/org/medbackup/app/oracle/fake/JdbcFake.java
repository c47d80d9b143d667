package org.medbackup.app.oracle.fake;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A driver, connections, statements and results of {@code java.sql} over a function that answers statements. */
final class JdbcFake {

    private JdbcFake() {}

    /** Answers one statement; null where it gives no table. */
    @FunctionalInterface
    interface Answers {

        @Nullable
        List<List<@Nullable Object>> answer(String sql) throws SQLException;
    }

    /** Opens a session. */
    @FunctionalInterface
    interface Logins {

        Connection connect(Properties properties) throws SQLException;
    }

    /** A driver of one address. */
    record FakeDriver(String url, Logins logins) implements Driver {

        @Override
        public @Nullable Connection connect(String asked, Properties properties) throws SQLException {
            return acceptsURL(asked) ? logins.connect(properties) : null;
        }

        @Override
        public boolean acceptsURL(String asked) {
            return asked.equals(url);
        }

        @Override
        public DriverPropertyInfo[] getPropertyInfo(String asked, Properties properties) {
            return new DriverPropertyInfo[0];
        }

        @Override
        public int getMajorVersion() {
            return 23;
        }

        @Override
        public int getMinorVersion() {
            return 0;
        }

        @Override
        public boolean jdbcCompliant() {
            return false;
        }

        @Override
        public Logger getParentLogger() throws SQLFeatureNotSupportedException {
            throw new SQLFeatureNotSupportedException();
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
        return proxy(Statement.class, (self, method, arguments) -> switch (method.getName()) {
            case "setQueryTimeout", "close" -> null;
            case "execute" -> answers.answer((String) arguments[0]) != null;
            case "executeQuery" -> {
                List<List<@Nullable Object>> table = answers.answer((String) arguments[0]);
                if (table == null) {
                    throw new SQLException("not a query", "99999", 17166);
                }
                yield results(table);
            }
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static ResultSet results(List<List<@Nullable Object>> table) {
        var at = new int[] {-1};
        return proxy(ResultSet.class, (self, method, arguments) -> switch (method.getName()) {
            case "next" -> ++at[0] < table.size();
            case "close" -> null;
            case "getString" -> {
                Object value = table.get(at[0]).get((Integer) arguments[0] - 1);
                yield value == null ? null : value.toString();
            }
            case "getLong" -> number(table.get(at[0]).get((Integer) arguments[0] - 1));
            case "getInt" -> (int) number(table.get(at[0]).get((Integer) arguments[0] - 1));
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static long number(@Nullable Object value) {
        return value == null ? 0 : Long.parseLong(value.toString());
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
