package org.medbackup.app.oracle.fake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Answers to queries of the V$ views. */
record Views(FakeDatabase database) {

    private static final Pattern TAG = Pattern.compile("[pc]\\.tag = '(\\w+)'");
    private static final Pattern BEGIN = Pattern.compile("SUBSTR\\(p\\.handle, 1, (\\d+)\\) = '([^']+)'");
    private static final Pattern RANGE =
            Pattern.compile("resetlogs_change# = (\\d+) .* next_change# > (\\d+) AND first_change# <= (\\d+) ");

    private State state() {
        return database.state;
    }

    private static List<@Nullable Object> row(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    private static List<List<@Nullable Object>> one(@Nullable Object... values) {
        return List.of(row(values));
    }

    private static <T> List<List<@Nullable Object>> each(Collection<T> all, Function<T, List<@Nullable Object>> row) {
        return all.stream().map(row).toList();
    }

    List<List<@Nullable Object>> select(String sql) throws OracleError {
        Matcher from = Pattern.compile("FROM ([a-z0-9_$]+)").matcher(sql);
        if (!from.find()) {
            throw new OracleError(923);
        }
        String view = from.group(1);
        if (!state().granted && !view.equals("dual") && database.keeps(Rule.SYSBACKUP_HAS_TO_BE_GRANTED)) {
            // The account of the fake may look, as one with SELECT_CATALOG_ROLE.
            return general(view, sql);
        }
        return view.startsWith("v$backup") && !view.equals("v$backup") ? backups(view, sql) : general(view, sql);
    }

    private List<List<@Nullable Object>> general(String view, String sql) throws OracleError {
        return switch (view) {
            case "v$database" -> ofDatabase(sql);
            case "v$database_incarnation" -> one(state().incarnation, 77 + state().incarnation);
            case "v$parameter" ->
                List.of(row("compatible", "19.0.0"), row("spfile", state().serverFile ? "/dbs/spfile" : null));
            case "v$encryption_wallet" -> one("FILE", "/etc/oracle/wallets", state().wallet);
            case "v$instance" -> one("19.0.0.0.0");
            case "v$version" -> one(state().edition);
            case "v$logfile" -> each(database.redo(), each -> row(each));
            case "v$tempfile" -> one(database.temporary());
            case "v$thread" -> each(state().current.keySet(), each -> row(each));
            case "v$datafile" -> ofDataFiles(sql);
            case "v$datafile_header" ->
                one(java.util.Collections.min(state().checkpoints.values()));
            case "v$datafile_copy" -> ofCopies(sql);
            case "v$backup" -> ofBackupMode();
            case "v$archived_log" -> archived(sql);
            case "v$recovery_file_dest" -> one(state().areaFree);
            case "v$log" -> one(1L << 20);
            case "v$archive_dest" -> one(state().brokenDestinations);
            case "v$encrypted_tablespaces" -> one(state().encrypted);
            case "v$block_change_tracking" -> state().tracking ? one(state().trackingFile) : List.of();
            case "v$database_block_corruption" ->
                one(database.keeps(Rule.CORRUPT_BLOCKS_ARE_LISTED) ? state().corrupt : 0);
            case "dual" ->
                one(
                        sql.contains("INTERVAL")
                                ? FakeDatabase.stamp(database.time.now().plusSeconds(1))
                                : database.now());
            default -> throw new OracleError(942);
        };
    }

    private List<List<@Nullable Object>> ofDatabase(String sql) {
        if (sql.startsWith("SELECT current_scn ")) {
            return one(state().scn);
        }
        boolean root = !state().pluggable || !database.keeps(Rule.A_PLUGGABLE_DATABASE_IS_NOT_THE_WHOLE);
        return one(
                state().dbid,
                "ORCL",
                "ORCL_A",
                state().role,
                state().resetlogs,
                state().archivelog ? "ARCHIVELOG" : "NOARCHIVELOG",
                state().forceLogging ? "YES" : "NO",
                state().pluggable ? "YES" : "NO",
                root ? 0 : 3);
    }

    private List<List<@Nullable Object>> ofDataFiles(String sql) {
        if (sql.startsWith("SELECT COUNT")) {
            long newest = newest();
            return one(state().unrecoverable.values().stream()
                    .filter(each -> each > newest)
                    .count());
        }
        if (sql.endsWith("enabled = 'READ ONLY'")) {
            return each(state().readOnly, each -> row(each, state().checkpoints.get(each)));
        }
        return each(
                List.of(1, 2),
                each -> row(
                        each,
                        state().asm ? "+DATA/ORCL/users" : database.file(each).toString(),
                        state().unrecoverable.getOrDefault(each, 0L)));
    }

    private List<List<@Nullable Object>> ofCopies(String sql) {
        Matcher tag = TAG.matcher(sql);
        return each(
                database.rman.copies().of(tag.find() ? tag.group(1) : ""),
                each -> row(
                        each.file().number(),
                        each.name(),
                        each.checkpoint(),
                        each.fuzzy(),
                        each.resetlogs(),
                        state().corruptInCopies));
    }

    private long newest() {
        return files().flatMapToLong(each -> LongStream.of(each.checkpoint()))
                .max()
                .orElse(0);
    }

    private List<List<@Nullable Object>> ofBackupMode() {
        return database.keeps(Rule.VIEW_LISTS_ACTIVE_FILES)
                ? each(state().active.entrySet(), each -> row(each.getKey(), each.getValue()))
                : List.of();
    }

    private List<List<@Nullable Object>> archived(String sql) {
        Matcher range = RANGE.matcher(sql);
        if (!range.find()) {
            throw new IllegalStateException("not a range");
        }
        long resetlogs = Long.parseLong(range.group(1));
        return state().archived.stream()
                .filter(each -> resetlogs == state().resetlogs && !each.deleted())
                .filter(each -> each.log().next() > Long.parseLong(range.group(2)))
                .filter(each -> each.log().first() <= Long.parseLong(range.group(3)))
                .map(each -> row(
                        each.log().thread(),
                        each.log().sequence(),
                        each.log().first(),
                        each.log().next(),
                        each.file()))
                .toList();
    }

    private java.util.stream.Stream<Piece.OfData> files() {
        return database.rman.pieces().stream()
                .filter(Piece.OfData.class::isInstance)
                .map(Piece.OfData.class::cast);
    }

    private List<List<@Nullable Object>> backups(String view, String sql) throws OracleError {
        Matcher tag = TAG.matcher(sql);
        Matcher begin = BEGIN.matcher(sql);
        String folder = begin.find() ? begin.group(2) : "/";
        List<Piece> ours = database.rman.pieces().stream()
                .filter(each -> each.handle().toString().startsWith(folder))
                .toList();
        List<Piece> tagged = tag.find()
                ? ours.stream().filter(each -> each.tag().equals(tag.group(1))).toList()
                : List.of();
        return switch (view) {
            case "v$backup_piece" ->
                sql.startsWith("SELECT DISTINCT p.tag")
                        ? each(ours.stream().map(Piece::tag).distinct().toList(), each -> row(each))
                        : each(tagged, each -> row(each.handle()));
            case "v$backup_set" -> each(tagged, each -> row(each.set()));
            case "v$backup_datafile" ->
                sql.startsWith("SELECT COUNT(DISTINCT")
                        ? one(database.rman.differencesSinceFull())
                        : ofDataFiles(tagged);
            case "v$backup_redolog" -> {
                List<List<@Nullable Object>> rows = new ArrayList<>();
                for (Piece each : tagged) {
                    if (each instanceof Piece.OfLog log) {
                        Redo redo = log.log();
                        rows.add(row(redo.thread(), redo.sequence(), redo.first(), redo.next(), each.handle()));
                    }
                }
                yield rows;
            }
            default -> throw new OracleError(942);
        };
    }

    private static List<List<@Nullable Object>> ofDataFiles(List<Piece> tagged) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Piece each : tagged) {
            if (each instanceof Piece.OfData data) {
                rows.add(row(
                        data.file(),
                        data.level(),
                        data.since(),
                        data.checkpoint(),
                        data.fuzzy(),
                        data.usedTracking() ? "YES" : "NO",
                        0,
                        each.handle()));
            } else if (each instanceof Piece.OfControl) {
                rows.add(row(0, null, 0, 0, 0, "NO", 0, each.handle()));
            }
        }
        return rows;
    }
}
