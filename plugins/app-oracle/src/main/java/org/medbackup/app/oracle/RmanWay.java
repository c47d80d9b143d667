package org.medbackup.app.oracle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
 * Backups that RMAN writes into a folder. What RMAN says is one thing; what the database's own list says of it afterwards is
 * checked against what a restore needs, and both have to agree.
 */
final class RmanWay {

    private static final Duration QUESTION = Duration.ofMinutes(5);

    private final DriverSource source;
    private final Instance instance;
    private final Settings settings;
    private final Names names;
    private final OracleProgram program;
    private final RmanScript script;
    private final TimeSource time;
    private final Map<String, String> evidence = new TreeMap<>();
    private @Nullable Session open;
    private boolean stored;

    RmanWay(
            DriverSource source,
            Instance instance,
            Settings settings,
            Names names,
            OracleProgram program,
            RmanScript script,
            TimeSource time) {
        this.source = source;
        this.instance = instance;
        this.settings = settings;
        this.names = names;
        this.program = program;
        this.script = script;
        this.time = time;
    }

    private Deadline soon() {
        return Deadline.after(time, QUESTION);
    }

    private Session session() {
        Session session = open;
        if (session == null) {
            session = Session.open(source, DriverSource.Logon.SYSBACKUP, soon());
            open = session;
        }
        return session;
    }

    private Pieces pieces() {
        return new Pieces(session(), soon());
    }

    /** RMAN works for hours, in which a session that does nothing may be ended by whatever lies in between: none is open. */
    private void rman(String step, String text) {
        close();
        program.run(OracleProgram.Kind.RMAN, step, text, this::written);
    }

    /** How much lies in the folder: grows while RMAN works, which says nothing for hours. */
    private long written() {
        try (Stream<Path> files = Files.list(names.folder())) {
            return files.mapToLong(each -> each.toFile().length()).sum();
        } catch (IOException unreadable) {
            return 0;
        }
    }

    void copy(CopySink sink) {
        Chain chain = Chain.of(sink.before(), instance, pieces());
        for (String left : pieces().tags(names.folder())) {
            if (!chain.tags().contains(left) && chain.isUsable()) {
                // Of a run that ended without cleaning up. The next differences would rest on it.
                delete(left);
            }
        }
        boolean logsAlone = chain.isUsable() && settings.kind() == Settings.Kind.LOG;
        Chain made = logsAlone ? chain : database(chain);
        long from = logsAlone ? chain.last() : evidenced("first_scn");
        long last = Instance.scn(session(), soon());
        if (instance.isPrimary()) {
            session().run("log switch", soon(), "ALTER SYSTEM ARCHIVE LOG CURRENT");
        }
        rman("archived logs", script.logs(from, instance.hasServerFile()));
        Logs logs = pieces().logs(names.tag(), instance.resetlogs());
        logs.require(instance.threads(), from, last);
        made = logsAlone
                ? chain.withLogs(names.tag(), last)
                : new Chain(made.tags(), made.base(), made.newest(), made.restorable(), last);
        rman("validation", script.validation(pieces().sets(names.tag())));
        requireSound();
        instance.requireSame(Instance.ask(session(), soon()), true);
        note(made, logs, logsAlone ? "log" : "");
        close();
        hand(made, sink);
        stored = true;
        if (made.tags().size() == 1) {
            pieces().tags(names.folder()).stream()
                    .filter(each -> !each.equals(names.tag()))
                    .forEach(this::delete);
        }
    }

    private long evidenced(String name) {
        return Long.parseLong(evidence.getOrDefault(name, "0"));
    }

    /** Full where there is nothing to rest on: never differences that nobody could restore. */
    private Chain database(Chain chain) {
        boolean cumulative = settings.kind() == Settings.Kind.CUMULATIVE;
        int level = settings.kind() == Settings.Kind.FULL || !chain.isUsable() ? 0 : 1;
        rman("backup", script.database(level, cumulative));
        List<Pieces.DataFile> files = pieces().dataFiles(names.tag()).stream()
                .filter(each -> each.number() > 0)
                .toList();
        requireAll(files);
        if (level == 1) {
            chain.requireJoins(files, cumulative);
        }
        Map<Integer, Long> checkpoints = files.stream()
                .collect(Collectors.toMap(
                        Pieces.DataFile::number, Pieces.DataFile::checkpoint, Math::min, TreeMap::new));
        long first =
                checkpoints.values().stream().mapToLong(Long::longValue).min().orElse(0);
        long consistent = files.stream()
                .mapToLong(each -> Math.max(each.checkpoint(), each.fuzzy()))
                .max()
                .orElse(0);
        evidence.put("first_scn", Long.toString(first));
        evidence.put("level", Integer.toString(level));
        evidence.put("used_change_tracking", files.stream().allMatch(Pieces.DataFile::usedTracking) ? "yes" : "no");
        return level == 0
                ? Chain.begun(names.tag(), checkpoints, consistent, consistent)
                : chain.withDifferences(names.tag(), cumulative, checkpoints, consistent, consistent);
    }

    /** RMAN leaves out a file in backup mode with a warning, and ends well. */
    private void requireAll(List<Pieces.DataFile> files) {
        List<Integer> there = files.stream().map(Pieces.DataFile::number).toList();
        long missing = instance.files().stream()
                .filter(each -> !there.contains(each.number()))
                .count();
        if (missing > 0) {
            throw ErrorCode.APPLICATION_STATE_LOST
                    .because("RMAN left data files out, as it does with those in backup mode")
                    .with("files", missing);
        }
    }

    private void requireSound() {
        long corrupt = session().number("corruption", soon(), "SELECT COUNT(*) FROM v$database_block_corruption");
        long inBackup = pieces().dataFiles(names.tag()).stream()
                .mapToLong(Pieces.DataFile::corrupt)
                .sum();
        if (corrupt + inBackup > 0) {
            throw ErrorCode.APPLICATION_FAILED
                    .because("the database has corrupt blocks; V$DATABASE_BLOCK_CORRUPTION lists them, RECOVER"
                            + " CORRUPTION LIST mends them from an older backup")
                    .with("blocks", corrupt + inBackup);
        }
        long first = evidenced("first_scn");
        boolean unlogged =
                first > 0 && Instance.files(session(), soon()).stream().anyMatch(each -> each.unrecoverable() >= first);
        if (unlogged) {
            throw ErrorCode.APPLICATION_STATE_LOST.because(
                    "changes were made during the backup that no log holds; ALTER DATABASE FORCE LOGGING");
        }
    }

    private void note(Chain made, Logs logs, String level) {
        evidence.putAll(made.evidence());
        evidence.putAll(logs.evidence());
        evidence.put("tag", names.tag());
        if (!level.isEmpty()) {
            evidence.put("level", level);
        }
        pieces().dataFiles(names.tag()).stream()
                .filter(each -> each.number() == 0)
                .forEach(each -> evidence.put("control_file", each.piece()));
        if (!evidence.containsKey("control_file")) {
            throw ErrorCode.APPLICATION_STATE_LOST.because("the database does not list the control file in the backup");
        }
        List<String> all = new ArrayList<>();
        made.tags().forEach(each -> all.addAll(pieces().available(each)));
        for (int i = 0; i < all.size(); i++) {
            evidence.put("piece." + i, all.get(i));
        }
    }

    private void hand(Chain made, CopySink sink) {
        List<String> begins = made.tags().stream().map(Names::fileOf).toList();
        sink.tree(new TreeCopy(
                names.folder(),
                OracleApplication.path(names.folder()),
                (below, isFolder) ->
                        !isFolder && begins.stream().anyMatch(below.toString()::startsWith) ? Choice.TAKE : Choice.OMIT,
                Cut.CONTENT,
                false));
        var facts = new TreeMap<>(instance.discovery(settings).facts());
        facts.putAll(evidence);
        sink.content(
                OracleApplication.path(names.script()),
                RecoveryScript.ofPieces(facts).getBytes(StandardCharsets.UTF_8),
                OracleApplication.path(Path.of(evidence.getOrDefault("control_file", ""))));
    }

    Map<String, String> evidence() {
        return evidence;
    }

    private void delete(String tag) {
        List<String> sets = pieces().sets(tag);
        if (!sets.isEmpty()) {
            rman("deletion", script.deletion(sets));
        }
    }

    /** Takes back what a run has written that did not come to its end: the next differences must not rest on it. */
    void giveUp() {
        if (stored) {
            return;
        }
        try {
            delete(names.tag());
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
