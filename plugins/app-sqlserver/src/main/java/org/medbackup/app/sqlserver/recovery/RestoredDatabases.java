package org.medbackup.app.sqlserver.recovery;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.medbackup.app.sqlserver.RestoreScript;
import org.medbackup.app.sqlserver.Session;
import org.medbackup.app.sqlserver.Sql;
import org.medbackup.app.sqlserver.SqlServerAddress;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationRecovery.Reached;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;

/** Databases that were restored on a sandbox server, each under a name of its own. Closing drops them. */
final class RestoredDatabases implements Recovered {

    private static final String PREFIX = "medbackup_";
    private static final Duration DROP = Duration.ofSeconds(60);

    private final SqlServerAddress address;
    private final Session session;
    private final Map<String, String> evidence;
    private final TimeSource time;
    private final List<String> names = new ArrayList<>();

    RestoredDatabases(SqlServerAddress address, Session session, Map<String, String> evidence, TimeSource time) {
        this.address = address;
        this.session = session;
        this.evidence = evidence;
        this.time = time;
    }

    /** Where a path of the restore point lies now. */
    static String below(RestoredFiles files, String file) {
        Path path = Path.of(file);
        for (Map.Entry<Path, Path> each : files.moved().entrySet()) {
            if (path.startsWith(each.getKey())) {
                return each.getValue().resolve(each.getKey().relativize(path)).toString();
            }
        }
        return files.root().resolve(path.subpath(0, path.getNameCount())).toString();
    }

    void restore(RestoreScript.Part part, RestoredFiles files, Deadline deadline) {
        String name = PREFIX + part.database();
        List<RestoreScript.Move> moves = session.rows(
                "file list",
                deadline,
                row -> new RestoreScript.Move(
                        row.getString("LogicalName"),
                        part.isSnapshot()
                                ? below(files, row.getString("PhysicalName"))
                                : files.scratch()
                                        .resolve(name + "." + names.size() + "." + row.getRow())
                                        .toString()),
                part.files());
        names.add(name);
        session.run("restore", deadline, RestoreScript.restore(part, name, moves, true));
    }

    @Override
    public String address() {
        return address.jdbc();
    }

    @Override
    public Reached reached() {
        return new Reached(null, evidence.getOrDefault("last_lsn.0", ""));
    }

    @Override
    public List<Readiness> verify(Deadline deadline) {
        List<Readiness> found = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            String within = " (" + Sql.text(name) + ") WITH NO_INFOMSGS, ALL_ERRORMSGS, TABLERESULTS";
            found.add(checked("checkdb_" + i, "DBCC CHECKDB" + within, deadline));
            found.add(checked(
                    "checkconstraints_" + i,
                    "EXEC " + Sql.name(name) + ".sys.sp_executesql N'DBCC CHECKCONSTRAINTS WITH ALL_CONSTRAINTS'",
                    deadline));
        }
        return List.copyOf(found);
    }

    /** Every row is an error; so is a statement that fails because of what it found. */
    private Readiness checked(String name, String statement, Deadline deadline) {
        int errors;
        try {
            errors = session.count("check", deadline, statement);
        } catch (BackupException found) {
            if (found.code() != ErrorCode.RESTORED_APPLICATION_INVALID) {
                throw found;
            }
            errors = 1;
        }
        return new Readiness(
                name,
                errors == 0,
                errors + " errors were found",
                errors == 0 ? "" : ErrorCode.RESTORED_APPLICATION_INVALID.remedy());
    }

    @Override
    public void close() {
        try (session) {
            for (String each : names) {
                session.run("drop", Deadline.after(time, DROP), "DROP DATABASE IF EXISTS " + Sql.name(each));
            }
        } catch (BackupException stays) {
            // The sandbox is nobody's production; its administrator sees the name and whose it is.
            System.getLogger(RestoredDatabases.class.getName())
                    .log(System.Logger.Level.DEBUG, "a database stays on the sandbox server");
        }
    }
}
