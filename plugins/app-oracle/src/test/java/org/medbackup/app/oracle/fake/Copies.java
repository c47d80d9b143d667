package org.medbackup.app.oracle.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Image copies that are rolled forward ("Backup and Recovery User's Guide", incrementally updated backups; "Backup and
 * Recovery Reference", BACKUP FOR RECOVER OF COPY, RECOVER COPY). RMAN goes by its list of them, not by what lies on disk.
 */
public final class Copies {

    private static final Pattern BACKUP =
            Pattern.compile("BACKUP INCREMENTAL LEVEL 1 CHECK LOGICAL FOR RECOVER OF COPY WITH TAG '(\\w+)' DATABASE");
    private static final Pattern RECOVER = Pattern.compile("RECOVER COPY OF DATABASE WITH TAG '(\\w+)'");
    private static final Pattern OTHER =
            Pattern.compile("(VALIDATE CHECK LOGICAL|DELETE FORCE NOPROMPT) DATAFILECOPY ('[^']+'(, '[^']+')*)");

    private final FakeDatabase database;
    private final Rman rman;
    private final List<Copy> all = new ArrayList<>();
    private int number;

    Copies(FakeDatabase database, Rman rman) {
        this.database = database;
        this.rman = rman;
    }

    /**
     * One copy.
     *
     * @param text what was written, which is not what is there where somebody damaged it
     */
    record Copy(String tag, Path name, long resetlogs, String text) {

        DataFile file() {
            return DataFile.parse(text.lines().toList());
        }

        long checkpoint() {
            return file().checkpoint();
        }

        long fuzzy() {
            return file().scns().values().stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(0);
        }
    }

    List<Copy> all() {
        return List.copyOf(all);
    }

    List<Copy> of(String tag) {
        return all.stream().filter(each -> each.tag().equals(tag)).toList();
    }

    /** Runs one command; null where it is none of copies. */
    @Nullable
    String command(String command, String format) throws OracleError {
        Matcher backup = BACKUP.matcher(command);
        Matcher recover = RECOVER.matcher(command);
        Matcher other = OTHER.matcher(command);
        if (backup.matches()) {
            return backUp(backup.group(1), format);
        } else if (recover.matches()) {
            return recover(recover.group(1));
        } else if (other.matches()) {
            List<Path> names = Stream.of(other.group(2).split(", "))
                    .map(each -> Path.of(each.substring(1, each.length() - 1)))
                    .toList();
            return other.group(1).startsWith("VALIDATE") ? validate(names) : delete(names);
        }
        return null;
    }

    private String backUp(String tag, String format) throws OracleError {
        var said = new StringBuilder();
        for (int file : List.of(1, 2)) {
            String left = rman.leftOut(file);
            Copy copy = of(tag).stream()
                    .filter(each -> each.file().number() == file && each.resetlogs() == database.state.resetlogs)
                    .findFirst()
                    .orElse(null);
            if (left != null) {
                said.append(left);
            } else if (copy != null) {
                long since = parent(tag, copy);
                if (rman.isUnchanged(file, since)) {
                    said.append("skipping datafile ").append(file).append(" because it has not changed\n");
                } else {
                    rman.piece(file, since, database.state.tracking, tag);
                }
            } else if (database.keeps(Rule.A_FILE_WITHOUT_A_COPY_GETS_A_WHOLE_ONE)) {
                whole(tag, file, format);
            }
            rman.pause();
        }
        return said + "Finished backup";
    }

    private long parent(String tag, Copy copy) {
        boolean anybodys = database.keeps(Rule.DIFFERENCES_REST_ON_THE_NEWEST_BACKUP);
        boolean tagged = database.keeps(Rule.INCREMENTS_FOR_COPIES_REST_ON_THEIR_TAG);
        LongStream increments = rman.ofFile(copy.file().number()).stream()
                .filter(each -> !tagged || each.tag().equals(tag))
                .filter(each ->
                        anybodys || each.handle().getFileName().toString().startsWith("medbackup-"))
                .mapToLong(Piece.OfData::checkpoint);
        return LongStream.concat(increments, LongStream.of(copy.checkpoint()))
                .max()
                .orElseThrow();
    }

    private void whole(String tag, int file, String format) {
        database.checkpoint();
        long checkpoint = database.state.checkpoints.getOrDefault(file, 0L);
        rman.pause();
        DataFile now = database.dataFile(file);
        String name = "data-D-ORCL_I-1_TS-USERS_FNO-" + file + "_" + ++number;
        put(tag, Path.of(format.replace("%U", name)), new DataFile(file, now.values(), now.scns(), checkpoint, 0));
    }

    private void put(String tag, Path name, DataFile file) {
        FakeDatabase.write(name.toString(), file.text());
        all.add(new Copy(tag, name, database.state.resetlogs, file.text()));
    }

    private String recover(String tag) throws OracleError {
        var said = new StringBuilder();
        for (Copy each : of(tag)) {
            if (!Files.exists(each.name())) {
                throw new OracleError(19625);
            }
            DataFile rolled = rolled(each);
            if (rolled == null) {
                if (!database.keeps(Rule.RECOVERING_NOTHING_IS_NO_ERROR)) {
                    throw new OracleError("RMAN-06094");
                }
                said.append("no copy of datafile ").append(each.file().number()).append(" found to recover\n");
            } else {
                all.remove(each);
                boolean inPlace = database.keeps(Rule.COPIES_ARE_ROLLED_FORWARD_IN_PLACE);
                if (!inPlace) {
                    remove(each.name());
                }
                put(tag, inPlace ? each.name() : Path.of(each.name() + "-next"), rolled);
            }
            rman.pause();
        }
        return said + "Finished recover";
    }

    private @Nullable DataFile rolled(Copy copy) throws OracleError {
        var files = new TreeMap<Integer, DataFile>();
        files.put(copy.file().number(), copy.file());
        boolean any = false;
        for (Piece.OfData each : rman.ofFile(copy.file().number())) {
            if (each.tag().equals(copy.tag())) {
                List<String> lines = PieceText.opened(each.handle());
                if (lines == null) {
                    throw new OracleError(19870);
                }
                any |= PieceText.take(files, lines, Long.MAX_VALUE);
            }
        }
        return any ? files.get(copy.file().number()) : null;
    }

    /** Of damage it says so in words alone, and ends well. */
    private String validate(List<Path> names) throws OracleError {
        boolean damaged = false;
        for (Path each : names) {
            Copy copy = listed(each);
            try {
                damaged |= !Files.readString(each).equals(copy.text());
            } catch (IOException gone) {
                throw new OracleError(19625);
            }
        }
        return damaged && database.keeps(Rule.VALIDATION_FINDS_DAMAGE)
                ? "validate found one or more corrupt blocks"
                : "Finished validate";
    }

    private String delete(List<Path> names) throws OracleError {
        for (Path each : names) {
            all.remove(listed(each));
            remove(each);
        }
        return "Deleted objects";
    }

    private Copy listed(Path name) throws OracleError {
        for (Copy each : all) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        throw new OracleError("RMAN-20230");
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Somebody takes an increment for our copies, into a folder of his own. */
    public void ofOthers(Path folder, String tag) {
        try {
            rman.into(folder);
            backUp(tag, folder.resolve("copy-%U").toString());
        } catch (OracleError refused) {
            throw new IllegalStateException(refused);
        }
    }
}
