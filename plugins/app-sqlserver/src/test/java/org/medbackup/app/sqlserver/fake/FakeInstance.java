package org.medbackup.app.sqlserver.fake;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.sqlserver.ConnectionSource;
import org.medbackup.app.sqlserver.fake.JdbcFake.Table;
import org.medbackup.core.Deadline;
import org.medbackup.testkit.MortalProcess;

/** One server with its rules. Safe for use by several threads. */
public final class FakeInstance implements ConnectionSource {

    static final Pattern NAME = Pattern.compile("\\[((?:[^]]|]])+)]");
    static final Pattern TEXT = Pattern.compile("N'((?:[^']|'')*)'");

    private final Set<Rule> off = EnumSet.noneOf(Rule.class);
    private final Path folder;
    private final Map<String, Database> databases = new TreeMap<>();
    private final Set<Integer> alive = new HashSet<>();
    private final List<String> statements = new ArrayList<>();
    private final Map<String, Deque<Fault>> faults = new LinkedHashMap<>();
    private final Set<String> credentials = new HashSet<>();
    private final Media media;
    private String version = "16.0.4085.2";
    private boolean preferred = true;
    private boolean secondary;
    private boolean locked;
    private boolean deathResumes;
    private boolean serverSuspended;
    private int sessions = 50;

    /** One database. */
    static final class Database {
        final String name;
        final Ledger ledger;
        String model = "FULL";
        boolean encrypted;
        boolean inGroup;
        boolean damaged;
        int suspendedBy;
        boolean copyOnly;
        boolean hasFull;
        int logFrom;

        @Nullable
        Integer base;

        Database(String name, Ledger ledger) {
            this.name = name;
            this.ledger = ledger;
        }
    }

    public FakeInstance(Path folder, Set<Rule> without) {
        this.folder = folder;
        off.addAll(without);
        media = new Media(this);
        List.of("master", "model", "msdb").forEach(this::add);
    }

    // What a test arranges.

    public synchronized FakeInstance add(String name) {
        databases.put(name, new Database(name, new Ledger(folder, "db" + databases.size())));
        return this;
    }

    public synchronized FakeInstance version(String text) {
        version = text;
        return this;
    }

    public synchronized void simple(String name) {
        database(name).model = "SIMPLE";
    }

    public synchronized void encrypted(String name) {
        database(name).encrypted = true;
    }

    public synchronized void damaged(String name) {
        database(name).damaged = true;
    }

    public synchronized void inGroup(String name, boolean here) {
        database(name).inGroup = true;
        preferred = here || !keeps(Rule.GROUPS_PREFER_A_REPLICA);
    }

    public synchronized void asSecondary() {
        secondary = true;
    }

    /** A transaction holds locks that a suspension has to wait for. */
    public synchronized void locked() {
        locked = keeps(Rule.SUSPENSION_WAITS_FOR_LOCKS);
    }

    /** Whether the death of a session resumes what it suspended; nobody has written down which it is. */
    public synchronized void deathResumes(boolean on) {
        deathResumes = on;
    }

    /** All sessions die. */
    public synchronized void killSessions() {
        alive.forEach(this::died);
        alive.clear();
    }

    public synchronized void next(String begin, Fault fault) {
        faults.computeIfAbsent(begin, key -> new ArrayDeque<>()).add(fault);
    }

    /** An application writes; false where it would have to wait. */
    public synchronized boolean write(String name) {
        Database database = database(name);
        if (database.suspendedBy != 0 && keeps(Rule.SUSPENSION_BLOCKS_WRITES)) {
            return false;
        }
        database.ledger.transfer();
        return true;
    }

    public synchronized int transfers(String name) {
        return database(name).ledger.transfers();
    }

    public synchronized boolean isSuspended(String name) {
        return database(name).suspendedBy != 0;
    }

    /** The position of the full backup on which the next differential rests; null where there is none. */
    public synchronized @Nullable Integer base(String name) {
        return database(name).base;
    }

    /** What a restored database holds; null where there is none of that name. */
    public synchronized Ledger.@Nullable Recovered restored(String name) {
        return media.restored(name);
    }

    public synchronized List<String> statements() {
        return List.copyOf(statements);
    }

    public long count(String begin) {
        return statements().stream().filter(each -> each.startsWith(begin)).count();
    }

    public synchronized Set<String> credentials() {
        return Set.copyOf(credentials);
    }

    /** Another product runs statements in a session of its own. */
    public void other(String... sqls) {
        int session = begin();
        for (String each : sqls) {
            try {
                answer(session, each);
            } catch (SQLException refused) {
                throw new IllegalStateException(refused);
            }
        }
    }

    boolean keeps(Rule rule) {
        return !off.contains(rule);
    }

    boolean isSecondary() {
        return secondary;
    }

    boolean hasCredential(String url) {
        return credentials.stream().anyMatch(url::startsWith);
    }

    Database database(String name) {
        return Objects.requireNonNull(databases.get(name), "no database of that name");
    }

    Map<String, Database> all() {
        return databases;
    }

    static SQLException error(int number, String message) {
        var last = new SQLException("BACKUP DATABASE is terminating abnormally.", "S0001", 3013);
        var first = new SQLException(message, "S0001", number);
        first.setNextException(last);
        return first;
    }

    static List<String> found(Pattern pattern, String sql) {
        return pattern.matcher(sql)
                .results()
                .map(each -> each.group(1).replace("]]", "]").replace("''", "'"))
                .toList();
    }

    // Sessions.

    private synchronized int begin() {
        int session = ++sessions;
        alive.add(session);
        return session;
    }

    @Override
    public Connection connect(String name, Deadline deadline) throws SQLException {
        guarded("CONNECT", () -> null);
        int session = begin();
        return JdbcFake.connection(sql -> guarded(sql, () -> answer(session, sql)), () -> end(session));
    }

    /** The same for one process, whose sessions end with it. */
    public ConnectionSource through(MortalProcess process) {
        return (name, deadline) -> process.call(() -> {
            int session = begin();
            process.whenDead(() -> end(session));
            return JdbcFake.connection(
                    sql -> process.call(() -> guarded(sql, () -> answer(session, sql))), () -> end(session));
        });
    }

    private synchronized void end(int session) {
        if (alive.remove(session)) {
            died(session);
        }
    }

    private void died(int session) {
        if (deathResumes) {
            databases.values().stream()
                    .filter(each -> each.suspendedBy == session)
                    .forEach(FakeInstance::resume);
            serverSuspended = false;
        }
    }

    private interface Work {
        @Nullable
        Table run() throws SQLException;
    }

    private @Nullable Table guarded(String sql, Work work) throws SQLException {
        Fault fault = fault(sql);
        switch (fault) {
            case Fault.Fails failing -> throw failure(failing);
            case Fault.DropBefore _ -> throw dropped();
            case Fault.First first -> first.action().run();
            case null, default -> {}
        }
        Table table = work.run();
        if (fault instanceof Fault.DropAfter) {
            throw dropped();
        }
        return table;
    }

    private synchronized @Nullable Fault fault(String sql) {
        return faults.entrySet().stream()
                .filter(each -> sql.startsWith(each.getKey()))
                .map(each -> each.getValue().poll())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static SQLException failure(Fault.Fails failing) {
        SQLException all = null;
        for (int number : failing.numbers()) {
            var each = new SQLException("told to fail", "S0001", number);
            if (all == null) {
                all = each;
            } else {
                all.setNextException(each);
            }
        }
        return Objects.requireNonNull(all);
    }

    private SQLException dropped() {
        killSessions();
        return new SQLException("Connection reset", "08S01", 0);
    }

    // Statements.

    private synchronized @Nullable Table answer(int session, String sql) throws SQLException {
        if (!alive.contains(session)) {
            throw new SQLException("The connection is closed.", "08S01", 0);
        }
        statements.add(sql);
        if (sql.startsWith("SELECT ")) {
            return select(sql);
        }
        if (sql.contains("SUSPEND_FOR_SNAPSHOT_BACKUP")) {
            suspension(session, sql);
            return null;
        }
        if (sql.startsWith("SET LOCK_TIMEOUT")) {
            return null;
        }
        if (sql.startsWith("CREATE CREDENTIAL ")) {
            credentials.add(found(NAME, sql).getFirst());
            return null;
        }
        if (sql.startsWith("BACKUP ")) {
            media.backup(session, sql);
            return null;
        }
        if (sql.startsWith("RESTORE ")
                || sql.startsWith("DROP DATABASE ")
                || sql.startsWith("DBCC ")
                || sql.startsWith("EXEC ")) {
            return media.restore(sql);
        }
        throw new SQLException("Incorrect syntax.", "S0001", 102);
    }

    private Table select(String sql) throws SQLException {
        if (sql.contains("'ProductVersion'")) {
            return Table.of(List.of(List.of(version, "CLINIC01")));
        }
        if (sql.contains("'IsServerSuspendedForSnapshotBackup'")) {
            return Table.of(List.of(List.of(serverSuspended)));
        }
        if (sql.contains("sys.dm_server_suspend_status")) {
            return Table.of(databases.values().stream()
                    .filter(each -> each.suspendedBy != 0 && keeps(Rule.STATUS_LISTS_WHAT_IS_SUSPENDED))
                    .map(each -> FakeInstance.row(each.name))
                    .toList());
        }
        if (sql.contains("sys.databases")) {
            return Table.of(databases.values().stream()
                    .map(each -> FakeInstance.row(each.name, each.model, each.encrypted, each.inGroup ? "group" : null))
                    .toList());
        }
        if (sql.contains("sys.master_files")) {
            return Table.of(databases.values().stream()
                    .flatMap(each -> java.util.stream.Stream.of(
                            FakeInstance.row(each.name, each.name, each.ledger.data()),
                            FakeInstance.row(each.name, each.name + "_log", each.ledger.log())))
                    .toList());
        }
        if (sql.contains("sys.dm_database_encryption_keys")) {
            return Table.of(databases.values().stream()
                    .filter(each -> each.encrypted)
                    .map(each -> FakeInstance.row("tde"))
                    .toList());
        }
        if (sql.contains("sys.fn_hadr_backup_is_preferred_replica")) {
            return Table.of(List.of(List.of(preferred)));
        }
        if (sql.contains("sys.credentials")) {
            return Table.of(credentials.stream()
                    .filter(found(TEXT, sql)::contains)
                    .map(each -> FakeInstance.row(each))
                    .toList());
        }
        if (sql.contains("msdb.dbo.backupset")) {
            return media.history(sql);
        }
        throw new SQLException("Invalid object name.", "S0002", 208);
    }

    static List<@Nullable Object> row(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    private void suspension(int session, String sql) throws SQLException {
        boolean on = sql.contains("= ON");
        boolean server = sql.startsWith("ALTER SERVER") && !sql.contains("GROUP");
        List<Database> named = server
                ? databases.values().stream()
                        .filter(each -> !isOfTheSystem(each.name))
                        .toList()
                : found(NAME, sql).stream().map(this::database).toList();
        if (on) {
            suspend(session, named, sql.contains("MODE = COPY_ONLY"));
            serverSuspended = server;
            return;
        }
        if (serverSuspended && !server && keeps(Rule.SERVER_IS_RESUMED_AS_A_WHOLE)) {
            throw error(5067, "The server is suspended.");
        }
        named.forEach(FakeInstance::resume);
        serverSuspended = false;
    }

    private static boolean isOfTheSystem(String name) {
        return Set.of("master", "model", "msdb").contains(name);
    }

    private void suspend(int session, List<Database> named, boolean copyOnly) throws SQLException {
        if (locked) {
            throw new SQLException("Lock request time out period exceeded.", "S0001", 1222);
        }
        for (Database each : named) {
            if (isOfTheSystem(each.name) && keeps(Rule.SYSTEM_CANNOT_BE_SUSPENDED)) {
                throw error(5058, "Option cannot be set in this database.");
            }
            if (each.suspendedBy != 0) {
                throw error(5061, "The database is suspended already.");
            }
            each.suspendedBy = session;
            each.copyOnly = copyOnly;
            if (!copyOnly || !keeps(Rule.COPY_ONLY_BELONGS_TO_THE_SUSPENSION)) {
                each.base = null;
            }
        }
    }

    static void resume(Database database) {
        database.suspendedBy = 0;
    }

    void resumed() {
        serverSuspended = false;
    }

    static @Nullable String option(String sql, String name) {
        Matcher matcher = Pattern.compile(name + " = " + TEXT.pattern()).matcher(sql);
        return matcher.find() ? matcher.group(1).replace("''", "'") : null;
    }
}
