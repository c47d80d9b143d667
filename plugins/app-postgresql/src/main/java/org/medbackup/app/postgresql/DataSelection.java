package org.medbackup.app.postgresql;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.app.CopySink.Choice;
import org.medbackup.core.spi.app.CopySink.Selection;

/**
 * What of a data directory or tablespace belongs into a backup: all but what {@code pg_basebackup} leaves out as well
 * (PostgreSQL, {@code basebackup.c}; manual, "Backing Up the Data Directory"), and the control file, which comes last and on
 * its own.
 *
 * @param root the folder on disk
 * @param alive fails when the backup is lost: the copy of a folder cannot be interrupted otherwise
 */
record DataSelection(Path root, Runnable alive) implements Selection {

    /** Folders at the top whose content is of the running server only. */
    static final Set<String> EMPTIED = Set.of(
            "pg_wal",
            "pg_replslot",
            "pg_dynshmem",
            "pg_notify",
            "pg_serial",
            "pg_snapshots",
            "pg_stat_tmp",
            "pg_subtrans");

    /** Files at the top that would mislead a restored server. */
    private static final Set<String> OMITTED_AT_TOP = Set.of(
            "postmaster.pid",
            "postmaster.opts",
            "backup_label",
            "tablespace_map",
            "backup_manifest",
            "recovery.signal",
            "standby.signal",
            "postgresql.auto.conf.tmp",
            "current_logfiles.tmp");

    private static final Pattern RELATION_FILE = Pattern.compile("(\\d+)(?:_(?:fsm|vm|init))?(?:\\.\\d+)?");
    private static final Pattern TEMPORARY_FILE = Pattern.compile("t\\d+_\\d+(?:_(?:fsm|vm))?(?:\\.\\d+)?");

    /** Where relations lie: {@code base/db}, {@code global}, {@code PG_…/db}, {@code pg_tblspc/oid/PG_…/db}. */
    private static final Pattern RELATION_FOLDER =
            Pattern.compile("(?:base/\\d+|global|(?:pg_tblspc/\\d+/)?PG_\\d+_\\d+/\\d+)");

    @Override
    public Choice choose(PathBytes below, boolean folder) {
        alive.run();
        String path = new String(below.bytes(), StandardCharsets.ISO_8859_1);
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        String parent = slash < 0 ? "" : path.substring(0, slash);
        if (parent.isEmpty() && (EMPTIED.contains(name) || OMITTED_AT_TOP.contains(name))) {
            // A link in the place of an emptied folder is replaced by a folder, elsewhere.
            return folder ? Choice.FOLDER_ONLY : Choice.OMIT;
        }
        if (name.startsWith("pgsql_tmp") || name.startsWith("pg_internal.init") || path.equals("global/pg_control")) {
            return Choice.OMIT;
        }
        boolean dropped = RELATION_FOLDER.matcher(parent).matches() && isDroppedRelation(parent, name);
        return dropped ? Choice.OMIT : Choice.TAKE;
    }

    /** Whether a file is of a relation that a recovery drops or empties anyhow: a temporary or an unlogged one. */
    private boolean isDroppedRelation(String parent, String name) {
        if (TEMPORARY_FILE.matcher(name).matches()) {
            return true;
        }
        Matcher relation = RELATION_FILE.matcher(name);
        if (!relation.matches() || name.contains("_init")) {
            return false;
        }
        Path initialFork = root.resolve(parent).resolve(relation.group(1) + "_init");
        return Files.exists(initialFork, LinkOption.NOFOLLOW_LINKS);
    }
}
