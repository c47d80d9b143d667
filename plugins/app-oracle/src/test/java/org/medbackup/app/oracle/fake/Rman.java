package org.medbackup.app.oracle.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** RMAN with the real database as its target. Backups are the database's own list; pieces are files. */
public final class Rman {

    private static final Pattern PATH = Pattern.compile("'(/[^']+)'");
    private static final Pattern FORMAT = Pattern.compile("FORMAT '([^']+)'");
    private static final Pattern DATABASE = Pattern.compile(
            "BACKUP AS BACKUPSET INCREMENTAL LEVEL (\\d)( CUMULATIVE)? CHECK LOGICAL FILESPERSET 1 TAG '(\\w+)'"
                    + " DATABASE");
    private static final Pattern LOGS = Pattern.compile("BACKUP AS BACKUPSET TAG '(\\w+)' ARCHIVELOG FROM SCN (\\d+)");
    private static final Pattern OTHER =
            Pattern.compile("BACKUP AS BACKUPSET TAG '(\\w+)' (SPFILE|CURRENT CONTROLFILE)");
    private static final int BITMAPS = 8;

    private final FakeDatabase database;
    private final List<Piece> pieces = new ArrayList<>();
    private Runnable between = () -> {};
    private int sets = 100;
    private String format = "";
    private final Copies copies;

    Rman(FakeDatabase database) {
        this.database = database;
        copies = new Copies(database, this);
    }

    public Copies copies() {
        return copies;
    }

    void pause() {
        between.run();
    }

    void into(Path folder) {
        format = folder.resolve("other-%U").toString();
    }

    List<Piece> pieces() {
        return List.copyOf(pieces);
    }

    /** What happens between two data files. */
    public void between(Runnable what) {
        between = what;
    }

    static String path(String text) {
        Matcher path = PATH.matcher(text);
        if (!path.find()) {
            throw new IllegalArgumentException("no path");
        }
        return path.group(1);
    }

    /** Runs one command and says what RMAN would say. */
    String command(String command) throws OracleError {
        synchronized (database) {
            String ofCopies = copies.command(command, format);
            if (ofCopies != null) {
                return ofCopies;
            }
            Matcher backup = DATABASE.matcher(command);
            Matcher logs = LOGS.matcher(command);
            Matcher other = OTHER.matcher(command);
            if (command.startsWith("ALLOCATE CHANNEL ")) {
                Matcher at = FORMAT.matcher(command);
                format = at.find() ? at.group(1) : "";
                return "allocated channel";
            } else if (backup.matches()) {
                return database(Integer.parseInt(backup.group(1)), backup.group(2) != null, backup.group(3));
            } else if (logs.matches()) {
                return logs(logs.group(1), Long.parseLong(logs.group(2)));
            } else if (other.matches()) {
                boolean control = other.group(2).equals("CURRENT CONTROLFILE");
                Path handle = handle();
                if (control) {
                    write(handle, ControlFile.of(database));
                    pieces.add(new Piece.OfControl(other.group(1), sets, handle));
                } else {
                    write(handle, "parameters\n");
                    pieces.add(new Piece.OfParameters(other.group(1), sets, handle));
                }
                return "piece handle=" + handle;
            } else if (command.startsWith("VALIDATE CHECK LOGICAL BACKUPSET ")) {
                return validate(numbers(command));
            } else if (command.startsWith("DELETE NOPROMPT BACKUPSET ")) {
                return delete(numbers(command));
            }
            throw new OracleError("RMAN-01009");
        }
    }

    private static Set<Integer> numbers(String command) {
        String list = command.substring(command.indexOf("BACKUPSET ") + "BACKUPSET ".length());
        return Arrays.stream(list.split(","))
                .map(String::strip)
                .map(Integer::valueOf)
                .collect(Collectors.toSet());
    }

    private Path handle() {
        return Path.of(format.replace("%U", ++sets + "_1_1"));
    }

    private static void write(Path handle, String text) {
        FakeDatabase.write(handle.toString(), PieceText.sealed(text));
    }

    private String database(int level, boolean cumulative, String tag) throws OracleError {
        if (!database.mayBackUp()) {
            throw new OracleError(1031);
        }
        var said = new StringBuilder();
        for (int number : List.of(1, 2)) {
            String left = leftOut(number);
            if (left != null) {
                said.append(left);
                continue;
            }
            Piece.OfData parent = level == 0 ? null : parent(number, cumulative);
            if (parent != null && isUnchanged(number, parent.checkpoint())) {
                said.append("skipping datafile ").append(number).append(" because it has not changed\n");
                continue;
            }
            boolean tracked = parent == null || database.state.tracking && isTracked(number, parent);
            piece(number, parent == null ? null : parent.checkpoint(), tracked, tag);
            between.run();
        }
        return said + "Finished backup";
    }

    boolean isUnchanged(int number, long since) {
        return database.state.readOnly.contains(number) && database.state.checkpoints.getOrDefault(number, 0L) <= since;
    }

    /** The words with which a file is left out; null where it is not. */
    @Nullable
    String leftOut(int number) {
        return database.state.active.containsKey(number) && database.keeps(Rule.RMAN_LEAVES_OUT_FILES_IN_BACKUP_MODE)
                ? "RMAN-06554: WARNING: file " + number + " is in backup mode\n"
                : null;
    }

    /** Blocks of one file: all, or those that were changed since. */
    void piece(int number, @Nullable Long since, boolean tracked, String tag) {
        int level = since == null ? 0 : 1;
        long from = since == null ? 0 : since;
        database.checkpoint();
        long checkpoint = database.state.checkpoints.getOrDefault(number, 0L);
        between.run();
        DataFile file = database.dataFile(number);
        var text = new StringBuilder("datafile %d %d %d %d%n".formatted(number, level, from, checkpoint));
        file.values().forEach((block, value) -> {
            long scn = file.scns().getOrDefault(block, 0L);
            if (scn >= from) {
                text.append("block %d %d %d%n".formatted(block, value, scn));
            }
        });
        long fuzzy =
                file.scns().values().stream().mapToLong(Long::longValue).max().orElse(0);
        Path handle = handle();
        write(handle, text.toString());
        pieces.add(new Piece.OfData(tag, sets, handle, number, level, from, checkpoint, fuzzy, tracked));
    }

    private Piece.@Nullable OfData parent(int number, boolean cumulative) {
        boolean anybodys = database.keeps(Rule.DIFFERENCES_REST_ON_THE_NEWEST_BACKUP);
        return ofFile(number).stream()
                .filter(each -> !cumulative || each.level() == 0)
                .filter(each -> anybodys || each.tag().startsWith("MB_"))
                .reduce((first, second) -> second)
                .orElse(null);
    }

    List<Piece.OfData> ofFile(int number) {
        return pieces.stream()
                .filter(Piece.OfData.class::isInstance)
                .map(Piece.OfData.class::cast)
                .filter(each -> each.file() == number)
                .toList();
    }

    private boolean isTracked(int number, Piece.OfData parent) {
        List<Piece.OfData> all = ofFile(number);
        return all.size() - all.indexOf(parent) < BITMAPS || !database.keeps(Rule.TRACKING_KEEPS_EIGHT_BITMAPS);
    }

    long differencesSinceFull() {
        return database.keeps(Rule.TRACKING_KEEPS_EIGHT_BITMAPS)
                ? ofFile(1).reversed().stream()
                        .takeWhile(each -> each.level() == 1)
                        .count()
                : 0;
    }

    private String logs(String tag, long from) throws OracleError {
        boolean any = false;
        for (State.Archived each : List.copyOf(database.state.archived)) {
            if (each.log().next() <= from) {
                continue;
            }
            boolean there = Files.exists(each.file());
            if (!there && !each.deleted() && database.keeps(Rule.DELETED_LOGS_ARE_GONE)) {
                throw new OracleError("RMAN-06059");
            }
            if (there || !database.keeps(Rule.DELETED_LOGS_ARE_GONE)) {
                any = true;
                Path handle = handle();
                write(handle, each.log().text());
                pieces.add(new Piece.OfLog(tag, sets, handle, each.log()));
            }
        }
        if (!any) {
            throw new OracleError("RMAN-20242");
        }
        return "Finished backup";
    }

    private String validate(Set<Integer> numbers) throws OracleError {
        for (Piece each : pieces) {
            boolean damaged = numbers.contains(each.set()) && PieceText.opened(each.handle()) == null;
            if (damaged && database.keeps(Rule.VALIDATION_FINDS_DAMAGE)) {
                throw new OracleError(19599);
            }
        }
        return "Finished validate";
    }

    private String delete(Set<Integer> numbers) {
        for (Piece each : List.copyOf(pieces)) {
            if (numbers.contains(each.set())) {
                pieces.remove(each);
                try {
                    Files.deleteIfExists(each.handle());
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            }
        }
        return "Deleted objects";
    }

    /** Somebody's clean-up takes away what we have written under a tag. */
    public void deleteOurs(String tag) {
        synchronized (database) {
            delete(pieces.stream()
                    .filter(each -> each.tag().equals(tag))
                    .map(Piece::set)
                    .collect(Collectors.toSet()));
        }
    }

    /** Somebody else takes a backup, into a folder of his own. */
    public void ofOthers(Path folder, int level) {
        into(folder);
        try {
            database(level, false, "OTHERS");
        } catch (OracleError refused) {
            throw new IllegalStateException(refused);
        }
    }
}
