package org.medbackup.app.oracle;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.app.CopySink.Cut;

/**
 * Backup pieces: a full backup, and a chain of differences and logs that rests on it.
 *
 * @param run of this backup
 */
record RmanWay(RmanRun run) {

    void copy(CopySink sink) {
        Chain chain = Chain.of(sink.before(), run.instance(), run.pieces());
        for (String left : run.pieces().tags()) {
            if (!chain.tags().contains(left) && chain.isUsable()) {
                // Of a run that ended without cleaning up. The next differences would rest on it.
                run.delete(left);
            }
        }
        boolean logsAlone = chain.isUsable() && run.settings().kind() == Settings.Kind.LOG;
        Chain made = logsAlone ? chain : database(chain);
        String tag = run.names().tag();
        long last = run.switchLog();
        Logs logs = run.logs(logsAlone ? chain.last() : run.first(), last);
        made = logsAlone
                ? chain.withLogs(tag, last)
                : new Chain(made.tags(), made.base(), made.newest(), made.restorable(), last);
        run.requireSound(run.pieces().dataFiles(tag).stream()
                .mapToLong(Pieces.DataFile::corrupt)
                .sum());
        run.evidence().putAll(made.evidence());
        if (logsAlone) {
            run.evidence().put("level", "log");
        }
        run.note(logs, made.tags());
        List<String> begins = made.tags().stream().map(Names::fileOf).toList();
        run.hand(name -> begins.stream().anyMatch(name::startsWith), Cut.CONTENT, sink);
        run.handScript(sink);
        if (made.tags().size() == 1) {
            run.deleteOthers();
        }
    }

    /** Full where there is nothing to rest on: never differences that nobody could restore. */
    private Chain database(Chain chain) {
        Settings.Kind kind = run.settings().kind();
        boolean cumulative = kind == Settings.Kind.CUMULATIVE;
        int level = kind == Settings.Kind.FULL || !chain.isUsable() ? 0 : 1;
        String tag = run.names().tag();
        run.rman("backup", run.script().database(level, cumulative));
        List<Pieces.DataFile> files = run.pieces().dataFiles(tag).stream()
                .filter(each -> each.number() > 0)
                .toList();
        run.requireAll(
                files.stream().map(Pieces.DataFile::number).toList(),
                level == 0 ? Map.of() : cumulative ? chain.base() : chain.newest());
        if (level == 1) {
            chain.requireJoins(files, cumulative);
        }
        Map<Integer, Long> checkpoints = files.stream()
                .collect(Collectors.toMap(
                        Pieces.DataFile::number, Pieces.DataFile::checkpoint, Math::min, TreeMap::new));
        long consistent = files.stream()
                .mapToLong(each -> Math.max(each.checkpoint(), each.fuzzy()))
                .max()
                .orElse(0);
        run.begins(
                checkpoints.values().stream().mapToLong(Long::longValue).min().orElse(0));
        Map<String, String> evidence = run.evidence();
        evidence.put("level", Integer.toString(level));
        evidence.put("used_change_tracking", files.stream().allMatch(Pieces.DataFile::usedTracking) ? "yes" : "no");
        return level == 0
                ? Chain.begun(tag, checkpoints, consistent, consistent)
                : chain.withDifferences(tag, cumulative, checkpoints, consistent, consistent);
    }
}
