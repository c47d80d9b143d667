package org.medbackup.app.oracle.fake;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** What a database makes of statements that change something. */
final class Statements {

    private static final int BLOCK_CHANGES = 3;

    private final FakeDatabase database;
    private final State state;

    Statements(FakeDatabase database) {
        this.database = database;
        state = database.state;
    }

    void run(String sql) throws OracleError {
        switch (sql) {
            case "ALTER DATABASE BEGIN BACKUP" -> beginBackup();
            case "ALTER DATABASE END BACKUP" -> endBackup();
            case "ALTER SYSTEM ARCHIVE LOG CURRENT" -> switchLogs();
            case "ALTER SYSTEM CHECKPOINT" -> database.checkpoint();
            default -> {
                if (sql.startsWith("ALTER DATABASE BACKUP CONTROLFILE TO ") && sql.endsWith(" REUSE")) {
                    FakeDatabase.write(Rman.path(sql), ControlFile.of(database));
                } else if (sql.startsWith("CREATE PFILE = ") && sql.endsWith(" FROM SPFILE")) {
                    FakeDatabase.write(Rman.path(sql), "db_name=ORCL\n");
                } else {
                    throw new OracleError(900);
                }
            }
        }
    }

    private void beginBackup() throws OracleError {
        if (!state.archivelog && database.keeps(Rule.BACKUP_MODE_NEEDS_ARCHIVELOG)) {
            throw new OracleError(1123);
        }
        if (!state.role.equals("PRIMARY") && database.keeps(Rule.STANDBYS_REFUSE_BACKUP_MODE)) {
            throw new OracleError(16000);
        }
        if (state.pluggable && database.keeps(Rule.A_PLUGGABLE_DATABASE_IS_NOT_THE_WHOLE)) {
            throw new OracleError(65040);
        }
        if (!state.active.isEmpty() && database.keeps(Rule.BEGINNING_TWICE_IS_REFUSED)) {
            throw new OracleError(1146);
        }
        database.checkpoint();
        state.imaged.clear();
        state.active.put(1, state.scn);
        state.active.put(2, state.scn);
        database.checkpoint();
    }

    private void endBackup() throws OracleError {
        if (state.active.isEmpty() && database.keeps(Rule.ENDING_WITHOUT_BEGINNING_IS_REFUSED)) {
            throw new OracleError(1142);
        }
        end();
    }

    void end() {
        long scn = state.scn += BLOCK_CHANGES;
        int thread = state.current.keySet().iterator().next();
        for (int file : state.active.keySet()) {
            Objects.requireNonNull(state.current.get(thread)).records().add(new Redo.Entry.End(scn, file));
        }
        state.active.clear();
        database.checkpoint();
    }

    void switchLogs() throws OracleError {
        if (!state.role.equals("PRIMARY")) {
            throw new OracleError(16000);
        }
        if (state.areaFree <= 0 && database.keeps(Rule.A_FULL_DESTINATION_STOPS_THE_ARCHIVER)) {
            throw new OracleError(257);
        }
        if (!database.keeps(Rule.A_SWITCH_ARCHIVES)) {
            return;
        }
        long at = state.scn += 1;
        for (int thread : List.copyOf(state.current.keySet())) {
            Redo closed = Objects.requireNonNull(state.current.get(thread)).closed(at, database.now());
            Path file = database.folder
                    .resolve("archive")
                    .resolve("arch_" + thread + "_" + closed.sequence() + "_" + state.incarnation + ".dbf");
            FakeDatabase.write(file.toString(), closed.text());
            state.archived.add(new State.Archived(closed, file, false));
            state.current.put(thread, Redo.opened(thread, closed.sequence() + 1, at));
        }
    }
}
