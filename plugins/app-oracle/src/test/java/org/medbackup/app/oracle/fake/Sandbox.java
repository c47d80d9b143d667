package org.medbackup.app.oracle.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An instance that is started on restored files, by commands of RMAN or SQL*Plus. */
public final class Sandbox {

    private static final Pattern RENAME = Pattern.compile("ALTER DATABASE RENAME FILE '([^']+)' TO '([^']+)'");
    private static final Pattern NEW_NAME = Pattern.compile("SET NEWNAME FOR DATAFILE (\\d+) TO '([^']+)'");
    private static final Pattern SWITCH = Pattern.compile("SWITCH DATAFILE (\\d+) TO DATAFILECOPY '([^']+)'");
    private static final Pattern RECOVER =
            Pattern.compile("ALTER DATABASE RECOVER AUTOMATIC FROM '([^']+)' DATABASE UNTIL"
                    + " CHANGE (\\d+) USING BACKUP CONTROLFILE( SNAPSHOT TIME '([^']+)')?");

    private final FakeDatabase real;
    private final Map<Integer, Path> data = new TreeMap<>();
    private final List<String> writes = new ArrayList<>();
    private final Set<Path> pieces = new LinkedHashSet<>();
    private final Set<Path> copies = new LinkedHashSet<>();
    private final Set<Integer> readOnly = new HashSet<>();
    private final Map<Integer, DataFile> files = new TreeMap<>();
    private List<Integer> threads = List.of();
    private String parameters = "";
    private Path scratch = Path.of("/");
    private long until = Long.MAX_VALUE;
    private @Nullable Path tracking;
    private @Nullable Bank bank;
    private boolean open;
    private boolean down;
    private int corrupt;

    Sandbox(FakeDatabase real) {
        this.real = real;
    }

    public Bank bank() {
        return java.util.Objects.requireNonNull(bank);
    }

    boolean isOpen() {
        return open;
    }

    boolean isDown() {
        return down;
    }

    /** The parameters that it was started with. */
    public String parameters() {
        return parameters;
    }

    /** Runs one command; null where it has nothing to say. */
    @Nullable
    String command(String command) throws OracleError {
        if (command.startsWith("CONNECT ") && !command.matches("CONNECT (TARGET \"/ AS SYSBACKUP\"|/ AS SYSBACKUP)")) {
            throw new OracleError(1017);
        }
        Matcher rename = RENAME.matcher(command);
        Matcher newName = NEW_NAME.matcher(command);
        Matcher recover = RECOVER.matcher(command);
        Matcher to = SWITCH.matcher(command);
        if (command.contains("NOMOUNT PFILE=")) {
            start(Path.of(Rman.path(command)));
        } else if (command.startsWith("RESTORE CONTROLFILE FROM ")) {
            write(scratch.resolve("control.ctl"), String.join("\n", lines(Path.of(Rman.path(command)))));
        } else if (command.equals("ALTER DATABASE MOUNT")) {
            mount();
        } else if (command.startsWith("CHANGE BACKUPPIECE ")) {
            if (!pieces.remove(Path.of(Rman.path(command)))) {
                throw new OracleError("RMAN-20260");
            }
        } else if (command.startsWith("CATALOG START WITH ")) {
            return catalogue(Rman.path(command));
        } else if (rename.matches()) {
            rename(rename.group(1), rename.group(2));
        } else if (newName.matches()) {
            data.put(Integer.parseInt(newName.group(1)), Path.of(newName.group(2)));
        } else if (to.matches()) {
            use(Integer.parseInt(to.group(1)), Path.of(to.group(2)));
        } else if (command.startsWith("SET UNTIL SCN ")) {
            until = Long.parseLong(command.substring("SET UNTIL SCN ".length()));
        } else if (command.equals("RESTORE DATABASE")) {
            restore();
        } else if (command.equals("RECOVER DATABASE")) {
            recover(ofPieces(), "");
        } else if (recover.matches()) {
            until = Long.parseLong(recover.group(2));
            data.forEach((number, path) -> files.put(number, DataFile.read(path)));
            recover(ofFolder(Path.of(recover.group(1))), recover.group(4) == null ? "" : recover.group(4));
        } else if (command.equals("ALTER DATABASE DISABLE BLOCK CHANGE TRACKING")) {
            delete(tracking);
            tracking = null;
        } else if (command.equals("ALTER DATABASE OPEN RESETLOGS")) {
            open();
        } else if (command.startsWith("SELECT 'MEDBACKUP_CORRUPT='")) {
            return "MEDBACKUP_CORRUPT=" + corrupt;
        } else if (command.equals("SHUTDOWN ABORT")) {
            down = true;
        } else if (command.equals("VALIDATE CHECK LOGICAL DATABASE")) {
            corrupt = real.state.corrupt;
        }
        return null;
    }

    private void start(Path file) throws OracleError {
        try {
            parameters = Files.readString(file);
        } catch (IOException absent) {
            throw new OracleError(1078);
        }
        scratch = java.util.Objects.requireNonNull(file.getParent());
    }

    private static List<String> lines(Path piece) throws OracleError {
        List<String> lines = PieceText.opened(piece);
        if (lines == null) {
            throw new OracleError("RMAN-06172");
        }
        return lines;
    }

    private static void write(Path path, String text) {
        FakeDatabase.write(path.toString(), text);
    }

    private void mount() throws OracleError {
        try {
            for (String line : Files.readAllLines(scratch.resolve("control.ctl"))) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "threads" ->
                        threads = Stream.of(words).skip(1).map(Integer::valueOf).toList();
                    case "data" -> data.put(Integer.parseInt(words[1]), Path.of(words[2]));
                    case "redo", "temp" -> writes.add(words[1]);
                    case "tracking" -> tracking = Path.of(words[1]);
                    case "readonly" -> readOnly.add(Integer.parseInt(words[1]));
                    case "copy" -> copies.add(Path.of(words[1]));
                    case "piece" -> pieces.add(Path.of(words[1]));
                    default -> {}
                }
            }
        } catch (IOException absent) {
            throw new OracleError(205);
        }
    }

    /** Of what is no piece it says so, with a code. */
    private @Nullable String catalogue(String begin) {
        Path folder = Path.of(begin).getParent();
        try (Stream<Path> listed = Files.list(folder)) {
            List<Path> found = listed.filter(each -> each.toString().startsWith(begin))
                    .sorted()
                    .toList();
            found.stream().filter(each -> PieceText.opened(each) != null).forEach(pieces::add);
            found.stream().filter(DataFile::isOne).forEach(copies::add);
            boolean all = found.stream().allMatch(each -> pieces.contains(each) || copies.contains(each));
            return all ? null : "RMAN-07517: Reason: The file header is corrupted";
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void delete(@Nullable Path managed) {
        try {
            if (managed != null && real.keeps(Rule.MANAGED_FILES_ARE_DELETED_BY_RENAMING)) {
                Files.deleteIfExists(managed);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void rename(String from, String to) throws OracleError {
        delete(from.contains("/o1_mf_") ? Path.of(from) : null);
        boolean known = writes.remove(from);
        if (known) {
            writes.add(to);
        }
        for (Map.Entry<Integer, Path> each : data.entrySet()) {
            if (each.getValue().toString().equals(from)) {
                each.setValue(Path.of(to));
                known = true;
            }
        }
        if (!known) {
            throw new OracleError(1516);
        }
    }

    private void restore() throws OracleError {
        files.clear();
        files.putAll(PieceText.restored(List.copyOf(pieces), until));
        if (!files.keySet().equals(data.keySet())) {
            throw new OracleError("RMAN-06023");
        }
        files.forEach((number, file) -> file.write(data.getOrDefault(number, scratch)));
    }

    /** A copy becomes the data file: what is written from now on is written into it. */
    private void use(int number, Path copy) throws OracleError {
        if (!copies.contains(copy) || !Files.exists(copy)) {
            throw new OracleError("RMAN-20230");
        }
        data.put(number, copy);
        files.put(number, DataFile.read(copy));
        writes.add(copy.toString());
    }

    private List<Redo> ofPieces() throws OracleError {
        List<Redo> logs = new ArrayList<>();
        for (Path each : pieces.stream().filter(Files::exists).toList()) {
            List<String> lines = lines(each);
            if (lines.getFirst().startsWith("log ")) {
                logs.add(Redo.parse(lines));
            }
        }
        return logs;
    }

    /** By their names alone, as LOG_ARCHIVE_FORMAT writes them. */
    private List<Redo> ofFolder(Path folder) throws OracleError {
        if (!parameters.contains("log_archive_format=%t_%s_%r.arc\n")) {
            throw new OracleError(308);
        }
        List<Redo> logs = new ArrayList<>();
        try (Stream<Path> all = Files.isDirectory(folder) ? Files.list(folder) : Stream.of()) {
            for (Path each : all.sorted().toList()) {
                Redo log = Redo.parse(Files.readAllLines(each));
                if (each.getFileName().toString().startsWith(log.thread() + "_" + log.sequence() + "_")) {
                    logs.add(log);
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return logs;
    }

    private void recover(List<Redo> logs, String snapshotTime) throws OracleError {
        bank = new Recovery(real.off, threads, files, readOnly, logs).to(until, snapshotTime);
    }

    private void open() throws OracleError {
        if (bank == null) {
            throw new OracleError(1194);
        }
        if (tracking != null) {
            throw new OracleError(19755);
        }
        for (String each : writes) {
            boolean written = real.keeps(Rule.OPENING_WRITES_WHERE_THE_CONTROL_FILE_SAYS);
            if (written) {
                write(Path.of(each), "of the sandbox");
            }
        }
        open = true;
    }
}
