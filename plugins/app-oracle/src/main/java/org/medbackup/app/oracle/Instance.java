package org.medbackup.app.oracle;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application.Discovery;

/**
 * What a database says of itself.
 *
 * @param dbid its number, the same for its life and for its standbys
 * @param name {@code DB_NAME}
 * @param uniqueName {@code DB_UNIQUE_NAME}, another one for each standby
 * @param role such as {@code PRIMARY}
 * @param resetlogs the SCN at which its incarnation began
 * @param resetlogsId by which names of archived logs tell the incarnation
 * @param incarnation its number
 * @param archives whether it archives its log
 * @param forcesLogging whether every change goes through the log
 * @param inRoot whether the session is where a whole database can be backed up
 * @param multitenant whether it is a container of others
 * @param version such as {@code 19.0.0.0.0}
 * @param edition the line with which it introduces itself
 * @param compatible parameter of that name
 * @param hasServerFile whether its parameters come from a file of the server
 * @param files of data
 * @param redo members of the online log
 * @param temporary files that no backup holds
 * @param threads of the log that are open
 * @param tracking file in which it tracks changed blocks; empty where it does not
 * @param wallet where its keys are: kind and place, and whether it is open
 */
record Instance(
        String dbid,
        String name,
        String uniqueName,
        String role,
        String resetlogs,
        String resetlogsId,
        String incarnation,
        boolean archives,
        boolean forcesLogging,
        boolean inRoot,
        boolean multitenant,
        String version,
        String edition,
        String compatible,
        boolean hasServerFile,
        List<DataFile> files,
        List<String> redo,
        List<String> temporary,
        List<Integer> threads,
        String tracking,
        Wallet wallet) {

    private static final String PRIMARY = "PRIMARY";
    private static final String CURRENT_SCN = "SELECT current_scn FROM v$database";

    /**
     * One data file.
     *
     * @param unrecoverable the SCN of its last change that no log holds, 0 for none
     */
    record DataFile(int number, String name, long unrecoverable) {

        boolean isOnFileSystem() {
            return name.startsWith("/");
        }

        Path path() {
            return Path.of(name);
        }
    }

    /** Where the keys of encrypted data are; never the keys. */
    record Wallet(String kind, String place, String status) {}

    private record Basics(List<String> values) {

        String get(int column) {
            return values.get(column - 1);
        }
    }

    static Instance ask(Session session, Deadline deadline) {
        Basics basics = basics(session, deadline);
        Basics incarnation = session.rows(
                        "incarnation",
                        deadline,
                        row -> new Basics(List.of(row.getString(1), row.getString(2))),
                        "SELECT incarnation#, resetlogs_id FROM v$database_incarnation WHERE status = 'CURRENT'")
                .getFirst();
        Map<String, String> parameters = new TreeMap<>();
        session.rows(
                "parameters",
                deadline,
                row -> parameters.put(row.getString(1), row.getString(2) == null ? "" : row.getString(2)),
                "SELECT name, value FROM v$parameter WHERE name IN ('compatible', 'spfile')");
        List<Wallet> wallets = session.rows(
                "wallet",
                deadline,
                row -> new Wallet(text(row.getString(1)), text(row.getString(2)), text(row.getString(3))),
                "SELECT wrl_type, wrl_parameter, status FROM v$encryption_wallet");
        return new Instance(
                basics.get(1),
                basics.get(2),
                basics.get(3),
                basics.get(4),
                basics.get(5),
                incarnation.get(2),
                incarnation.get(1),
                basics.get(6).equals("ARCHIVELOG"),
                basics.get(7).equals("YES"),
                Integer.parseInt(basics.get(9)) <= 1,
                basics.get(8).equals("YES"),
                session.texts("version", deadline, "SELECT version FROM v$instance")
                        .getFirst(),
                String.join(
                        "",
                        session.texts("edition", deadline, "SELECT banner FROM v$version").stream()
                                .limit(1)
                                .toList()),
                parameters.getOrDefault("compatible", ""),
                !parameters.getOrDefault("spfile", "").isEmpty(),
                files(session, deadline),
                session.texts("redo", deadline, "SELECT member FROM v$logfile ORDER BY member"),
                session.texts("temporary", deadline, "SELECT name FROM v$tempfile ORDER BY name"),
                session.rows(
                        "threads",
                        deadline,
                        row -> row.getInt(1),
                        "SELECT thread# FROM v$thread WHERE status = 'OPEN' ORDER BY thread#"),
                String.join(
                        "",
                        session.texts(
                                "tracking",
                                deadline,
                                "SELECT filename FROM v$block_change_tracking WHERE status = 'ENABLED'")),
                wallets.isEmpty() ? new Wallet("", "", "") : wallets.getFirst());
    }

    private static Basics basics(Session session, Deadline deadline) {
        return session.rows(
                        "database",
                        deadline,
                        row -> new Basics(List.of(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6),
                                row.getString(7),
                                row.getString(8),
                                row.getString(9))),
                        "SELECT dbid, name, db_unique_name, database_role, resetlogs_change#, log_mode, force_logging,"
                                + " cdb, SYS_CONTEXT('USERENV', 'CON_ID') FROM v$database")
                .getFirst();
    }

    private static String text(@org.jspecify.annotations.Nullable String text) {
        return text == null ? "" : text;
    }

    static List<DataFile> files(Session session, Deadline deadline) {
        return session.rows(
                "files",
                deadline,
                row -> new DataFile(row.getInt(1), row.getString(2), row.getLong(3)),
                "SELECT file#, name, unrecoverable_change# FROM v$datafile ORDER BY file#");
    }

    /** Files that are read only, and the SCN since which nothing was written into them. */
    static Map<Integer, Long> readOnly(Session session, Deadline deadline) {
        var files = new TreeMap<Integer, Long>();
        session.rows(
                "read only files",
                deadline,
                row -> files.put(row.getInt(1), row.getLong(2)),
                "SELECT file#, checkpoint_change# FROM v$datafile WHERE enabled = 'READ ONLY'");
        return files;
    }

    static long scn(Session session, Deadline deadline) {
        return session.number("scn", deadline, CURRENT_SCN);
    }

    boolean isPrimary() {
        return role.equals(PRIMARY);
    }

    List<Path> folders() {
        return files.stream()
                .map(each -> each.path().getParent())
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * Fails where what answers now has not the history of what answered before.
     *
     * @param sameRole whether it must have kept its role too
     */
    void requireSame(Instance now, boolean sameRole) {
        if (!now.dbid.equals(dbid) || !now.uniqueName.equals(uniqueName)) {
            throw ErrorCode.APPLICATION_STATE_LOST.because("another database answers at this address");
        }
        if (!now.resetlogs.equals(resetlogs)) {
            throw ErrorCode.APPLICATION_STATE_LOST.because("the database began a new incarnation during the backup");
        }
        if (sameRole && !now.role.equals(role)) {
            throw ErrorCode.APPLICATION_STATE_LOST
                    .because("the database changed its role before the backup was complete")
                    .with("role", now.role);
        }
    }

    Discovery discovery(Settings settings) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("mode", Settings.label(settings.mode()));
        facts.put("kind", Settings.label(settings.kind()));
        facts.put("sandbox", settings.sandbox());
        facts.put("folder", settings.folder().toString());
        facts.put("dbid", dbid);
        facts.put("db_name", name);
        facts.put("db_unique_name", uniqueName);
        facts.put("role", role);
        facts.put("resetlogs_scn", resetlogs);
        facts.put("resetlogs_id", resetlogsId);
        facts.put("incarnation", incarnation);
        facts.put("compatible", compatible);
        facts.put("edition", edition);
        facts.put("multitenant", Boolean.toString(multitenant));
        facts.put("tracking", tracking);
        facts.put("wallet_kind", wallet.kind());
        facts.put("wallet_place", wallet.place());
        files.forEach(each -> facts.put("data." + each.number(), each.name()));
        number(facts, "redo.", redo);
        number(facts, "temporary.", temporary);
        return new Discovery(version, dbid, facts);
    }

    private static void number(Map<String, String> facts, String begin, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            facts.put(begin + i, values.get(i));
        }
    }
}
