package org.medbackup.app.oracle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.app.CopySink.Choice;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.TreeCopy;

/**
 * One run of RMAN, whatever it writes into the folder. What RMAN says is one thing; what the database's own list says of it
 * afterwards is checked against what a restore needs, and both have to agree.
 */
final class RmanRun {

    private static final Duration QUESTION = Duration.ofMinutes(5);
    private static final String FIRST = "first_scn";

    private final DriverSource source;
    private final Instance instance;
    private final Settings settings;
    private final Names names;
    private final OracleProgram program;
    private final TimeSource time;
    private final Map<String, String> evidence = new TreeMap<>();
    private final List<String> unfinished = new ArrayList<>();
    private @Nullable Session open;

    RmanRun(
            DriverSource source,
            Instance instance,
            Settings settings,
            Names names,
            OracleProgram program,
            TimeSource time) {
        this.source = source;
        this.instance = instance;
        this.settings = settings;
        this.names = names;
        this.program = program;
        this.time = time;
        unfinished.add(names.tag());
    }

    Instance instance() {
        return instance;
    }

    Settings settings() {
        return settings;
    }

    Names names() {
        return names;
    }

    /** What RMAN is told of this run's own sets. */
    RmanScript script() {
        return script(names);
    }

    RmanScript script(Names named) {
        return RmanScript.of(source, settings, named);
    }

    Deadline soon() {
        return Deadline.after(time, QUESTION);
    }

    Session session() {
        Session session = open;
        if (session == null) {
            session = Session.open(source, DriverSource.Logon.SYSBACKUP, soon());
            open = session;
        }
        return session;
    }

    Pieces pieces() {
        return new Pieces(session(), names.folder(), soon());
    }

    Map<String, String> evidence() {
        return evidence;
    }

    /**
     * RMAN works for hours, in which a session that does nothing may be ended by whatever lies in between: none is open.
     *
     * @return as {@link OracleProgram#run}
     */
    Map<String, String> rman(String step, String text) {
        close();
        return program.run(OracleProgram.Kind.RMAN, step, text, this::written);
    }

    /** Changes while RMAN writes, which says nothing for hours: files grow, or are changed in place. */
    private long written() {
        try (Stream<Path> files = Files.list(names.folder())) {
            return files.map(Path::toFile)
                    .mapToLong(each -> each.length() + each.lastModified())
                    .sum();
        } catch (IOException unreadable) {
            return 0;
        }
    }

    /** Sets with this tag are taken back too, where the run does not come to its end. */
    void takesBack(String tag) {
        unfinished.add(tag);
    }

    /** Takes away the sets in the folder that have a tag. */
    void delete(String tag) {
        List<String> sets = pieces().sets(tag);
        if (!sets.isEmpty()) {
            rman("deletion", script().deletion(sets));
        }
    }

    /** The first change that a recovery needs. */
    void begins(long scn) {
        evidence.put(FIRST, Long.toString(scn));
    }

    long first() {
        return Long.parseLong(evidence.getOrDefault(FIRST, "0"));
    }

    /** The SCN up to which the logs of this run have to reach; they are archived behind it. */
    long switchLog() {
        long last = Instance.scn(session(), soon());
        if (instance.isPrimary()) {
            session().run("log switch", soon(), "ALTER SYSTEM ARCHIVE LOG CURRENT");
        }
        return last;
    }

    /** Logs of all threads, parameters and control file, proven to be there and to be whole. */
    Logs logs(long from, long last) {
        rman("archived logs", script().logs(from, instance.hasServerFile()));
        Logs logs = pieces().logs(names.tag(), instance.resetlogs());
        logs.require(instance.threads(), from, last);
        rman("validation", script().validation(pieces().sets(names.tag())));
        return logs;
    }

    /** Fails where a block is corrupt, or a change was made that no log holds. */
    void requireSound(long corruptInBackup) {
        long corrupt = session().number("corruption", soon(), "SELECT COUNT(*) FROM v$database_block_corruption");
        if (corrupt + corruptInBackup > 0) {
            throw ErrorCode.APPLICATION_FAILED
                    .because("the database has corrupt blocks; V$DATABASE_BLOCK_CORRUPTION lists them, RECOVER"
                            + " CORRUPTION LIST mends them from an older backup")
                    .with("blocks", corrupt + corruptInBackup);
        }
        boolean unlogged = first() > 0
                && Instance.files(session(), soon()).stream().anyMatch(each -> each.unrecoverable() >= first());
        if (unlogged) {
            throw ErrorCode.APPLICATION_STATE_LOST.because(
                    "changes were made during the backup that no log holds; ALTER DATABASE FORCE LOGGING");
        }
        instance.requireSame(Instance.ask(session(), soon()), true);
    }

    Map<Integer, Long> readOnly() {
        return Instance.readOnly(session(), soon());
    }

    /**
     * Fails where a file was left out: RMAN does so with files in backup mode, warns, and ends well. It is right to skip what
     * is read only and held already.
     *
     * @param there files that are in the backup
     * @param held what earlier backups hold, by the SCN of each file
     */
    void requireAll(Collection<Integer> there, Map<Integer, Long> held) {
        Map<Integer, Long> readOnly = readOnly();
        long leftOut = instance.files().stream()
                .map(Instance.DataFile::number)
                .filter(each -> !there.contains(each))
                .filter(each ->
                        !readOnly.containsKey(each) || readOnly.getOrDefault(each, 0L) > held.getOrDefault(each, -1L))
                .count();
        if (leftOut > 0) {
            throw ErrorCode.APPLICATION_STATE_LOST
                    .because("RMAN left data files out, as it does with those in backup mode")
                    .with("files", leftOut);
        }
    }

    /** Notes what a restore needs beside the data files. */
    void note(Logs logs, List<String> tags) {
        evidence.putAll(logs.evidence());
        evidence.put("tag", names.tag());
        pieces().dataFiles(names.tag()).stream()
                .filter(each -> each.number() == 0)
                .forEach(each -> evidence.put("control_file", each.piece()));
        if (!evidence.containsKey("control_file")) {
            throw ErrorCode.APPLICATION_STATE_LOST.because("the database does not list the control file in the backup");
        }
        List<String> all = new ArrayList<>();
        tags.forEach(each -> all.addAll(pieces().available(each)));
        for (int i = 0; i < all.size(); i++) {
            evidence.put("piece." + i, all.get(i));
        }
        close();
    }

    /** Hands over files of the folder, by their names. */
    void hand(Predicate<String> names, Cut cut, CopySink sink) {
        sink.tree(new TreeCopy(
                this.names.folder(),
                OracleApplication.path(this.names.folder()),
                (below, isFolder) -> !isFolder && names.test(below.toString()) ? Choice.TAKE : Choice.OMIT,
                cut,
                false));
    }

    /** Hands over the script of a recovery; with it the restore point is complete. */
    void handScript(CopySink sink) {
        var facts = new TreeMap<>(instance.discovery(settings).facts());
        facts.putAll(evidence);
        sink.content(
                OracleApplication.path(names.script()),
                RecoveryScript.byRman(facts).getBytes(StandardCharsets.UTF_8),
                OracleApplication.path(Path.of(evidence.getOrDefault("control_file", ""))));
        unfinished.clear();
    }

    /** Takes away what other runs wrote, which no restore needs any more. */
    void deleteOthers() {
        pieces().tags().stream().filter(each -> !each.equals(names.tag())).forEach(this::delete);
    }

    /** Takes back what a run has written that did not come to its end: the next differences must not rest on it. */
    void giveUp() {
        try {
            unfinished.forEach(this::delete);
        } catch (BackupException left) {
            // The next run finds it by its name, before it writes anything.
            return;
        }
    }

    void close() {
        Session session = open;
        if (session != null) {
            open = null;
            session.close();
        }
    }
}
