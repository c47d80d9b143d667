package org.medbackup.app.oracle.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;

/** One database with its rules, behind a driver of its own. Safe for use by several threads. */
public final class FakeDatabase implements AutoCloseable {

    static final String USER = "backup";
    static final String PASSWORD = "canary-pässword";
    private static final int BLOCK_CHANGES = 3;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    final Set<Rule> off = EnumSet.noneOf(Rule.class);
    final Path folder;
    final TimeSource time;
    final String host = "oracle" + NUMBERS.incrementAndGet() + ".example";
    final State state = new State();
    final Rman rman;
    private final JdbcFake.FakeDriver driver;
    private final Set<Integer> alive = new HashSet<>();
    private final List<String> statements = new ArrayList<>();
    private final Map<String, Deque<Fault>> faults = new LinkedHashMap<>();
    private int sessions;

    public FakeDatabase(Path folder, Set<Rule> without, TimeSource time, int threads) {
        this.folder = folder;
        this.time = time;
        off.addAll(without);
        for (int thread = 1; thread <= threads; thread++) {
            state.current.put(thread, Redo.opened(thread, 41, state.scn));
        }
        try {
            for (String each : List.of("data1", "data2", "archive", "redo")) {
                Files.createDirectories(folder.resolve(each));
            }
            writeRedo();
            Files.writeString(folder.resolve("data1/ewallet.p12"), "the key");
            Files.writeString(Path.of(temporary()), "the real temporary file");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        checkpoint();
        rman = new Rman(this);
        driver = new JdbcFake.FakeDriver(jdbc(), this::login);
        try {
            DriverManager.registerDriver(driver);
        } catch (SQLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void writeRedo() {
        redo().forEach(each -> write(each, "the real online log"));
    }

    /** Online logs whose names Oracle chose. */
    public synchronized void managedRedo() {
        state.redoName = "o1_mf_";
        writeRedo();
    }

    /** Changed blocks are tracked in a file of this machine. */
    public synchronized Path trackedHere() {
        Path file = folder.resolve("changes.chg");
        state.trackingFile = file.toString();
        write(state.trackingFile, "the real changes");
        return file;
    }

    boolean keeps(Rule rule) {
        return !off.contains(rule);
    }

    public String address() {
        return "oracle://" + USER + "@" + host + "/ORCL";
    }

    public String jdbc() {
        return "jdbc:oracle:thin:@//" + host + ":1521/ORCL";
    }

    public State state() {
        return state;
    }

    Path file(int number) {
        return folder.resolve("data" + number).resolve("users0" + number + ".dbf");
    }

    List<String> redo() {
        return List.of(
                folder.resolve("redo/" + state.redoName + "1.log").toString(),
                folder.resolve("redo/" + state.redoName + "2.log").toString());
    }

    String temporary() {
        return folder.resolve("data1/temp01.dbf").toString();
    }

    // What a test does.

    /** An application moves money. */
    public synchronized void transfer() {
        long n = ++state.transfers;
        long scn = state.scn += 10;
        int thread = thread(n);
        change(thread, scn, (int) (n % Bank.ACCOUNTS), -n);
        change(thread, scn, (int) ((n + 1) % Bank.ACCOUNTS), n);
        change(thread, scn, Bank.COUNT, 1);
    }

    public void transfers(int number) {
        for (int i = 0; i < number; i++) {
            transfer();
        }
    }

    public synchronized long moved() {
        return state.transfers;
    }

    private int thread(long n) {
        List<Integer> threads = List.copyOf(state.current.keySet());
        return keeps(Rule.EVERY_THREAD_HAS_ITS_LOG) ? threads.get((int) (n % threads.size())) : threads.getFirst();
    }

    private void change(int thread, long scn, int block, long by) {
        Redo log = Objects.requireNonNull(state.current.get(thread));
        boolean first = state.active.containsKey(Bank.file(block)) && state.imaged.add(block);
        if (first && keeps(Rule.BACKUP_MODE_LOGS_WHOLE_BLOCKS)) {
            log.records().add(new Redo.Entry.Image(scn, block, state.values[block], state.scns[block]));
        }
        log.records().add(new Redo.Entry.Change(scn, block, by));
        state.values[block] += by;
        state.scns[block] = scn;
    }

    /** A load with NOLOGGING. */
    public synchronized void unlogged() {
        long scn = state.scn += 10;
        if (keeps(Rule.UNLOGGED_CHANGES_ARE_NOTED)) {
            state.unrecoverable.put(2, scn);
        }
    }

    /** Writes the data files. */
    public synchronized void checkpoint() {
        for (int number : List.of(1, 2)) {
            boolean frozen = state.active.containsKey(number) && keeps(Rule.BACKUP_MODE_FREEZES_HEADERS);
            if (!frozen && !state.readOnly.contains(number)) {
                state.checkpoints.put(number, state.scn);
            }
            dataFile(number).write(file(number));
        }
    }

    DataFile dataFile(int number) {
        var values = new TreeMap<Integer, Long>();
        var scns = new TreeMap<Integer, Long>();
        for (int block : Bank.blocks(number)) {
            values.put(block, state.values[block]);
            scns.put(block, state.scns[block]);
        }
        long checkpoint = state.checkpoints.getOrDefault(number, 0L);
        return new DataFile(number, values, scns, checkpoint, state.active.getOrDefault(number, 0L));
    }

    /** The instance dies and is started again; false where it stays mounted. */
    public synchronized boolean crash() {
        alive.clear();
        state.mounted = true;
        return open();
    }

    /** Opens a mounted instance, where it can be. */
    public synchronized boolean open() {
        state.mounted = !state.active.isEmpty() && keeps(Rule.A_CRASH_IN_BACKUP_MODE_NEEDS_ITS_END);
        return !state.mounted;
    }

    /** Primary and standby change their roles. */
    public synchronized void switchover() {
        if (keeps(Rule.A_SWITCHOVER_CHANGES_THE_ROLE)) {
            state.role = "PHYSICAL STANDBY";
        }
    }

    /** Opened with RESETLOGS, as after a failover. */
    public synchronized void resetLogs() {
        if (keeps(Rule.RESETLOGS_BEGINS_AN_INCARNATION)) {
            state.incarnation++;
            state.resetlogs = state.scn;
        }
    }

    public synchronized boolean isInBackupMode() {
        return !state.active.isEmpty();
    }

    /** Somebody deletes an archived log: its file, and as far as the database knows. */
    public synchronized void deleteArchived(int thread, boolean told) {
        for (int i = 0; i < state.archived.size(); i++) {
            State.Archived each = state.archived.get(i);
            if (each.log().thread() == thread && !each.deleted()) {
                try {
                    Files.deleteIfExists(each.file());
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
                state.archived.set(i, new State.Archived(each.log(), each.file(), told));
            }
        }
    }

    public synchronized void killSessions() {
        alive.clear();
        if (!keeps(Rule.BACKUP_MODE_OUTLIVES_SESSIONS)) {
            end();
        }
    }

    public synchronized void next(String begin, Fault fault) {
        faults.computeIfAbsent(begin, key -> new ArrayDeque<>()).add(fault);
    }

    public synchronized List<String> statements() {
        return List.copyOf(statements);
    }

    public long count(String begin) {
        return statements().stream().filter(each -> each.startsWith(begin)).count();
    }

    /** Somebody else runs a statement in a session of his own. */
    public synchronized void other(String sql) {
        try {
            run(sql);
        } catch (OracleError refused) {
            throw new IllegalStateException(refused);
        }
    }

    public Rman rman() {
        return rman;
    }

    /** Whether nobody has written into files that are the real database's. */
    public boolean isUnharmed() {
        try {
            for (String each : redo()) {
                if (!Files.exists(Path.of(each))
                        || !Files.readString(Path.of(each)).equals("the real online log")) {
                    return false;
                }
            }
            return Files.readString(Path.of(temporary())).equals("the real temporary file");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    // Sessions.

    private Connection login(Properties properties) throws SQLException {
        var _ = guarded("CONNECT", () -> {
            requireAccount(properties.getProperty("user"), properties.getProperty("password"));
            if ("sysbackup".equals(properties.getProperty("internal_logon")) && !mayBackUp()) {
                throw new OracleError(1017);
            }
            return null;
        });
        int session = begin();
        return JdbcFake.connection(sql -> guarded(sql, () -> answer(session, sql)), () -> end(session));
    }

    boolean mayBackUp() {
        return state.granted || !keeps(Rule.SYSBACKUP_HAS_TO_BE_GRANTED);
    }

    static void requireAccount(@Nullable String user, @Nullable String password) throws OracleError {
        if (!USER.equals(user) || !PASSWORD.equals(password)) {
            throw new OracleError(1017);
        }
    }

    private synchronized int begin() {
        alive.add(++sessions);
        return sessions;
    }

    private synchronized void end(int session) {
        if (alive.remove(session) && !keeps(Rule.BACKUP_MODE_OUTLIVES_SESSIONS)) {
            end();
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

    synchronized @Nullable Fault fault(String text) {
        return faults.entrySet().stream()
                .filter(each -> text.startsWith(each.getKey()))
                .map(each -> each.getValue().poll())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private SQLException dropped() {
        killSessions();
        return new SQLRecoverableException("told to nobody", "08003", 3113);
    }

    // Statements.

    private synchronized @Nullable List<List<@Nullable Object>> answer(int session, String sql)
            throws OracleError, SQLException {
        if (!alive.contains(session)) {
            throw new SQLRecoverableException("told to nobody", "08003", 17008);
        }
        statements.add(sql);
        if (sql.startsWith("SELECT ")) {
            return new Views(this).select(sql);
        }
        run(sql);
        return null;
    }

    private void run(String sql) throws OracleError {
        switch (sql) {
            case "ALTER DATABASE BEGIN BACKUP" -> beginBackup();
            case "ALTER DATABASE END BACKUP" -> endBackup();
            case "ALTER SYSTEM ARCHIVE LOG CURRENT" -> switchLogs();
            case "ALTER SYSTEM CHECKPOINT" -> checkpoint();
            default -> {
                if (sql.startsWith("ALTER DATABASE BACKUP CONTROLFILE TO ") && sql.endsWith(" REUSE")) {
                    write(Rman.path(sql), rman.controlFile());
                } else if (sql.startsWith("CREATE PFILE = ") && sql.endsWith(" FROM SPFILE")) {
                    write(Rman.path(sql), "db_name=ORCL\n");
                } else {
                    throw new OracleError(900);
                }
            }
        }
    }

    static void write(String path, String text) {
        try {
            Files.writeString(Path.of(path), text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void beginBackup() throws OracleError {
        if (!state.archivelog && keeps(Rule.BACKUP_MODE_NEEDS_ARCHIVELOG)) {
            throw new OracleError(1123);
        }
        if (!state.role.equals("PRIMARY") && keeps(Rule.STANDBYS_REFUSE_BACKUP_MODE)) {
            throw new OracleError(16000);
        }
        if (state.pluggable && keeps(Rule.A_PLUGGABLE_DATABASE_IS_NOT_THE_WHOLE)) {
            throw new OracleError(65040);
        }
        if (!state.active.isEmpty() && keeps(Rule.BEGINNING_TWICE_IS_REFUSED)) {
            throw new OracleError(1146);
        }
        checkpoint();
        state.imaged.clear();
        state.active.put(1, state.scn);
        state.active.put(2, state.scn);
        checkpoint();
    }

    private void endBackup() throws OracleError {
        if (state.active.isEmpty() && keeps(Rule.ENDING_WITHOUT_BEGINNING_IS_REFUSED)) {
            throw new OracleError(1142);
        }
        end();
    }

    private void end() {
        long scn = state.scn += BLOCK_CHANGES;
        int thread = state.current.keySet().iterator().next();
        for (int file : state.active.keySet()) {
            Objects.requireNonNull(state.current.get(thread)).records().add(new Redo.Entry.End(scn, file));
        }
        state.active.clear();
        checkpoint();
    }

    void switchLogs() throws OracleError {
        if (!state.role.equals("PRIMARY")) {
            throw new OracleError(16000);
        }
        if (state.areaFree <= 0 && keeps(Rule.A_FULL_DESTINATION_STOPS_THE_ARCHIVER)) {
            throw new OracleError(257);
        }
        if (!keeps(Rule.A_SWITCH_ARCHIVES)) {
            return;
        }
        long at = state.scn += 1;
        for (int thread : List.copyOf(state.current.keySet())) {
            Redo closed = Objects.requireNonNull(state.current.get(thread)).closed(at, now());
            Path file = folder.resolve("archive")
                    .resolve("arch_" + thread + "_" + closed.sequence() + "_" + state.incarnation + ".dbf");
            write(file.toString(), closed.text());
            state.archived.add(new State.Archived(closed, file, false));
            state.current.put(thread, Redo.opened(thread, closed.sequence() + 1, at));
        }
    }

    String now() {
        return stamp(time.now());
    }

    static String stamp(Instant instant) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd:HH:mm:ss")
                .withZone(ZoneOffset.UTC)
                .format(instant);
    }

    /** Makes room in the archive, or takes it. */
    public synchronized void areaFree(long bytes) {
        state.areaFree = bytes;
    }

    @Override
    public void close() {
        try {
            DriverManager.deregisterDriver(driver);
        } catch (SQLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
