package org.medbackup.app.oracle.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.testkit.MortalProcess;

/** One database with its rules, behind a driver of its own. Safe for use by several threads. */
public final class FakeDatabase implements AutoCloseable {

    static final String USER = "backup";
    static final String PASSWORD = "canary-pässword";
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    final Set<Rule> off = EnumSet.noneOf(Rule.class);
    final Path folder;
    final TimeSource time;
    final String host = "oracle" + NUMBERS.incrementAndGet() + ".example";
    final State state = new State();
    final Rman rman;
    private final Doors doors = new Doors();
    private final Sessions sessions = new Sessions(this);
    final Statements statements = new Statements(this);

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
        doors.open(host, sessions::login);
    }

    /** Its address for one process, whose sessions end with it. */
    public String through(MortalProcess process) {
        String own = "oracle" + NUMBERS.incrementAndGet() + ".example";
        doors.open(own, properties -> sessions.login(process, properties));
        return Doors.address(own);
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
        return Doors.address(host);
    }

    public String jdbc() {
        return Doors.jdbc(host);
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
        new Workload(this, state).transfer();
    }

    public void transfers(int number) {
        for (int i = 0; i < number; i++) {
            transfer();
        }
    }

    public synchronized long moved() {
        return state.transfers;
    }

    /** A load with NOLOGGING. */
    public synchronized void unlogged() {
        new Workload(this, state).unlogged();
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
        sessions.kill();
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
        sessions.kill();
        if (!keeps(Rule.BACKUP_MODE_OUTLIVES_SESSIONS)) {
            statements.end();
        }
    }

    public synchronized void next(String begin, Fault fault) {
        sessions.next(begin, fault);
    }

    public synchronized List<String> statements() {
        return sessions.heard();
    }

    public long count(String begin) {
        return statements().stream().filter(each -> each.startsWith(begin)).count();
    }

    /** Somebody else runs a statement in a session of his own. */
    public synchronized void other(String sql) {
        try {
            statements.run(sql);
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

    @Nullable
    Fault fault(String text) {
        return sessions.fault(text);
    }

    boolean mayBackUp() {
        return state.granted || !keeps(Rule.SYSBACKUP_HAS_TO_BE_GRANTED);
    }

    static void requireAccount(@Nullable String user, @Nullable String password) throws OracleError {
        if (!USER.equals(user) || !PASSWORD.equals(password)) {
            throw new OracleError(1017);
        }
    }

    static void write(String path, String text) {
        try {
            Files.writeString(Path.of(path), text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
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
        doors.close();
    }
}
