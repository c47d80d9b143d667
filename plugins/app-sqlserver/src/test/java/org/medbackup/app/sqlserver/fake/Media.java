package org.medbackup.app.sqlserver.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.sqlserver.fake.FakeInstance.Database;
import org.medbackup.app.sqlserver.fake.JdbcFake.Table;

/** Backups, their list, and what is made of them again. */
final class Media {

    private final FakeInstance server;
    private final List<Listed> history = new ArrayList<>();
    private final Map<String, Ledger.Recovered> restored = new HashMap<>();
    private final Map<String, Boolean> damaged = new HashMap<>();
    private final Map<String, String> objects = new HashMap<>();

    Media(FakeInstance server) {
        this.server = server;
    }

    /** A row of the list. */
    private record Listed(
            String database,
            String name,
            String type,
            boolean copyOnly,
            boolean snapshot,
            int first,
            int last,
            int base) {}

    Ledger.@Nullable Recovered restored(String name) {
        return restored.get(name);
    }

    void backup(int session, String sql) throws SQLException {
        if (sql.contains("METADATA_ONLY")) {
            metadata(session, sql);
            return;
        }
        Database database =
                server.database(FakeInstance.found(FakeInstance.NAME, sql).getFirst());
        boolean log = sql.startsWith("BACKUP LOG");
        boolean differential = sql.contains("DIFFERENTIAL,");
        boolean copyOnly = sql.contains("COPY_ONLY,");
        refuse(database, log, differential, copyOnly);
        int now = database.ledger.transfers();
        int base = database.base == null ? 0 : database.base;
        int first = log ? database.logFrom : now;
        String type = log ? "L" : differential ? "I" : "D";
        write(
                sql,
                String.join(
                        "|",
                        type,
                        database.name,
                        Integer.toString(first),
                        Integer.toString(now),
                        Integer.toString(base),
                        Boolean.toString(database.encrypted),
                        Boolean.toString(database.damaged)));
        if (log) {
            database.logFrom = server.keeps(Rule.LOG_IS_A_CHAIN) ? now : database.logFrom;
        } else if (!differential) {
            database.hasFull = true;
            if (!copyOnly || !server.keeps(Rule.COPY_ONLY_IS_NO_BASE)) {
                database.base = now;
            }
        }
        list(new Listed(database.name, name(sql), type, copyOnly, false, first, now, base));
    }

    private void refuse(Database database, boolean log, boolean differential, boolean copyOnly) throws SQLException {
        if (server.isSecondary() && !log && !copyOnly && server.keeps(Rule.SECONDARIES_REFUSE)) {
            throw FakeInstance.error(3059, "This BACKUP is not supported on a secondary replica.");
        }
        if (differential && database.base == null && server.keeps(Rule.DIFFERENTIAL_NEEDS_A_BASE)) {
            throw FakeInstance.error(3035, "Cannot perform a differential backup.");
        }
        if (log && database.model.equals("SIMPLE") && server.keeps(Rule.SIMPLE_HAS_NO_LOG)) {
            throw FakeInstance.error(4208, "The statement is not allowed while the recovery model is SIMPLE.");
        }
        if (log && !database.hasFull && server.keeps(Rule.LOG_NEEDS_A_FULL_BACKUP)) {
            throw FakeInstance.error(4214, "BACKUP LOG cannot be performed: there is no current database backup.");
        }
    }

    private static String name(String sql) {
        return Objects.requireNonNullElse(FakeInstance.option(sql, "NAME"), "");
    }

    private void list(Listed row) {
        if (server.keeps(Rule.HISTORY_IS_KEPT)) {
            history.add(row);
        }
    }

    private void metadata(int session, String sql) throws SQLException {
        List<Database> named = sql.startsWith("BACKUP SERVER")
                ? server.all().values().stream()
                        .filter(each -> each.suspendedBy != 0)
                        .toList()
                : FakeInstance.found(FakeInstance.NAME, sql).stream()
                        .map(server::database)
                        .toList();
        for (Database each : named) {
            boolean suspended = each.suspendedBy != 0 || !server.keeps(Rule.METADATA_NEEDS_SUSPENSION);
            boolean same = each.suspendedBy == session
                    || each.suspendedBy == 0
                    || !server.keeps(Rule.METADATA_NEEDS_THE_SAME_SESSION);
            if (!suspended || !same) {
                failed(named);
                throw FakeInstance.error(3083, "The database is not suspended for snapshot backup by this session.");
            }
        }
        String file = Objects.requireNonNull(FakeInstance.option(sql, "DISK"));
        if (!Files.isDirectory(Objects.requireNonNull(Path.of(file).getParent()))) {
            failed(named);
            throw FakeInstance.error(3201, "Cannot open backup device.");
        }
        write(
                sql,
                "M|" + String.join(",", named.stream().map(each -> each.name).toList()) + "|"
                        + named.stream()
                                .map(each -> each.ledger.data() + "," + each.ledger.log())
                                .toList());
        for (Database each : named) {
            int now = each.ledger.transfers();
            if (!each.copyOnly) {
                each.base = now;
            }
            list(new Listed(each.name, name(sql), "D", each.copyOnly, true, now, now, 0));
            if (server.keeps(Rule.METADATA_RESUMES)) {
                FakeInstance.resume(each);
                server.resumed();
            }
        }
    }

    private void failed(List<Database> named) {
        if (!server.keeps(Rule.FAILURE_KEEPS_SUSPENDED)) {
            named.forEach(FakeInstance::resume);
            server.resumed();
        }
    }

    private void write(String sql, String content) throws SQLException {
        String url = FakeInstance.option(sql, "URL");
        String sealed = content + "|" + content.hashCode();
        if (url != null) {
            if (!server.hasCredential(url) && server.keeps(Rule.URL_NEEDS_A_CREDENTIAL)) {
                throw FakeInstance.error(3201, "Cannot open backup device.");
            }
            objects.put(url, sealed);
            return;
        }
        try {
            Files.writeString(Path.of(Objects.requireNonNull(FakeInstance.option(sql, "DISK"))), sealed);
        } catch (IOException failed) {
            throw FakeInstance.error(3201, "Cannot open backup device.");
        }
    }

    Table history(String sql) {
        List<String> texts = FakeInstance.found(FakeInstance.TEXT, sql);
        boolean bases = sql.contains("type = 'D'");
        return Table.of(history.reversed().stream()
                .filter(each -> each.database.equals(texts.getFirst()))
                .filter(each -> bases ? each.type.equals("D") && !each.copyOnly : each.name.equals(texts.get(1)))
                .limit(1)
                .map(each -> FakeInstance.row(
                        each.name, each.type, each.copyOnly, each.snapshot, each.first, each.last, each.base))
                .toList());
    }

    private String[] read(String sql) throws SQLException {
        String url = FakeInstance.option(sql, "URL");
        try {
            String sealed = url != null
                    ? Objects.requireNonNull(objects.get(url))
                    : Files.readString(Path.of(Objects.requireNonNull(FakeInstance.option(sql, "DISK"))));
            int end = sealed.lastIndexOf('|');
            String content = sealed.substring(0, end);
            boolean whole = sealed.substring(end + 1).equals(Integer.toString(content.hashCode()));
            if (!whole && server.keeps(Rule.VERIFICATION_FINDS_DAMAGE)) {
                throw FakeInstance.error(3189, "Damage to the backup set was detected.");
            }
            return content.split("\\|");
        } catch (IOException absent) {
            throw FakeInstance.error(3201, "Cannot open backup device.");
        }
    }

    @Nullable
    Table restore(String sql) throws SQLException {
        if (sql.startsWith("DROP DATABASE ")) {
            restored.remove(FakeInstance.found(FakeInstance.NAME, sql).getFirst());
            return null;
        }
        if (sql.startsWith("DBCC CHECKDB")) {
            boolean bad = damaged.getOrDefault(
                    FakeInstance.found(FakeInstance.TEXT, sql).getFirst(), false);
            return bad && server.keeps(Rule.CHECKDB_FINDS_DAMAGE)
                    ? Table.of(List.of(List.of(8928, "Object ID: Page could not be processed.")))
                    : null;
        }
        if (sql.startsWith("EXEC ")) {
            return null;
        }
        String[] content = read(sql);
        if (sql.startsWith("RESTORE VERIFYONLY")) {
            return null;
        }
        if (sql.startsWith("RESTORE FILELISTONLY")) {
            return files(content, sql);
        }
        String name = FakeInstance.found(FakeInstance.NAME, sql).getFirst();
        restored.put(name, content[0].equals("M") ? attached(sql) : streamed(content, name));
        return null;
    }

    private static Table files(String[] content, String sql) {
        List<String> columns = List.of("LogicalName", "PhysicalName", "Type");
        if (!content[0].equals("M")) {
            String name = content[1];
            return new Table(
                    columns,
                    List.of(
                            FakeInstance.row(name, "/x/" + name + ".mdf", "D"),
                            FakeInstance.row(name + "_log", "/x/" + name + ".ldf", "L")));
        }
        String name = Objects.requireNonNull(FakeInstance.option(sql, "DBNAME"));
        int index = List.of(content[1].split(",")).indexOf(name);
        String[] paths = content[2]
                .substring(1, content[2].length() - 1)
                .split(", ")[index]
                .split(",");
        return new Table(
                columns,
                List.of(FakeInstance.row(name, paths[0], "D"), FakeInstance.row(name + "_log", paths[1], "L")));
    }

    private static Ledger.Recovered attached(String sql) {
        List<String> moves = java.util.regex.Pattern.compile(" TO " + FakeInstance.TEXT.pattern())
                .matcher(sql)
                .results()
                .map(each -> each.group(1))
                .toList();
        try {
            return Ledger.recover(Path.of(moves.get(0)), Path.of(moves.get(1)));
        } catch (UncheckedIOException gone) {
            throw new IllegalStateException(gone);
        }
    }

    private Ledger.Recovered streamed(String[] content, String name) throws SQLException {
        if (content[5].equals("true") && server.keeps(Rule.ENCRYPTED_NEEDS_ITS_CERTIFICATE)) {
            throw FakeInstance.error(33111, "Cannot find server certificate with thumbprint.");
        }
        damaged.put(name, Boolean.parseBoolean(content[6]));
        int to = Integer.parseInt(content[3]);
        Ledger.Recovered before = restored.get(name);
        int needs = switch (content[0]) {
            case "I" -> Integer.parseInt(content[4]);
            case "L" -> Integer.parseInt(content[2]);
            default -> -1;
        };
        if (needs >= 0 && (before == null || before.transfers() < needs)) {
            throw FakeInstance.error(3136, "This backup cannot be restored because the database is not at its base.");
        }
        return new Ledger.Recovered(Ledger.balancesAfter(to), to);
    }
}
