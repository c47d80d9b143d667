package org.medbackup.app.oracle.fake;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.testkit.MortalProcess;

/** Sessions of a database, what they ask, and what goes wrong with them. Safe for use by several threads. */
final class Sessions {

    private final FakeDatabase database;
    private final Set<Integer> alive = new HashSet<>();
    private final List<String> heard = new ArrayList<>();
    private final Map<String, Deque<Fault>> faults = new LinkedHashMap<>();
    private int sessions;

    Sessions(FakeDatabase database) {
        this.database = database;
    }

    Connection login(Properties properties) throws SQLException {
        int session = admitted(properties);
        return JdbcFake.connection(sql -> guarded(sql, () -> answer(session, sql)), () -> end(session));
    }

    /** For one process, whose sessions end with it. */
    Connection login(MortalProcess process, Properties properties) throws SQLException {
        return process.call(() -> {
            int session = admitted(properties);
            process.whenDead(() -> end(session));
            return JdbcFake.connection(
                    sql -> process.call(() -> guarded(sql, () -> answer(session, sql))), () -> end(session));
        });
    }

    private int admitted(Properties properties) throws SQLException {
        var _ = guarded("CONNECT", () -> {
            FakeDatabase.requireAccount(properties.getProperty("user"), properties.getProperty("password"));
            if ("sysbackup".equals(properties.getProperty("internal_logon")) && !database.mayBackUp()) {
                throw new OracleError(1017);
            }
            return null;
        });
        return begin();
    }

    private int begin() {
        synchronized (database) {
            alive.add(++sessions);
            return sessions;
        }
    }

    private void end(int session) {
        synchronized (database) {
            if (alive.remove(session) && !database.keeps(Rule.BACKUP_MODE_OUTLIVES_SESSIONS)) {
                database.statements.end();
            }
        }
    }

    private interface Work {
        @Nullable
        List<List<@Nullable Object>> run() throws OracleError, SQLException;
    }

    private @Nullable List<List<@Nullable Object>> guarded(String sql, Work work) throws SQLException {
        Fault fault = fault(sql);
        switch (fault) {
            case Fault.Fails failing -> throw new OracleError(failing.number()).sql();
            case Fault.DropBefore _ -> throw dropped();
            case Fault.EndsWell _ -> throw new IllegalStateException("for programs only");
            case Fault.Hangs _ -> throw new SQLTimeoutException("told to nobody", "72000", 1013);
            case Fault.First first -> first.action().run();
            case null, default -> {}
        }
        List<List<@Nullable Object>> table;
        try {
            table = work.run();
        } catch (OracleError refused) {
            throw refused.sql();
        }
        if (fault instanceof Fault.DropAfter) {
            throw dropped();
        }
        return table;
    }

    @Nullable
    Fault fault(String text) {
        synchronized (database) {
            return faults.entrySet().stream()
                    .filter(each -> text.startsWith(each.getKey()))
                    .map(each -> each.getValue().poll())
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        }
    }

    private SQLException dropped() {
        database.killSessions();
        return new SQLRecoverableException("told to nobody", "08003", 3113);
    }

    private @Nullable List<List<@Nullable Object>> answer(int session, String sql) throws OracleError, SQLException {
        synchronized (database) {
            if (!alive.contains(session)) {
                throw new SQLRecoverableException("told to nobody", "08003", 17008);
            }
            heard.add(sql);
            if (sql.startsWith("SELECT ")) {
                return new Views(database).select(sql);
            }
            database.statements.run(sql);
            return null;
        }
    }

    void next(String begin, Fault fault) {
        synchronized (database) {
            faults.computeIfAbsent(begin, key -> new ArrayDeque<>()).add(fault);
        }
    }

    /** What was asked, in its order. */
    List<String> heard() {
        synchronized (database) {
            return List.copyOf(heard);
        }
    }

    void kill() {
        alive.clear();
    }
}
