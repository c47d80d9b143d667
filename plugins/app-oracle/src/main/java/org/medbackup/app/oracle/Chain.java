package org.medbackup.app.oracle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.medbackup.core.error.ErrorCode;

/**
 * The backups on which the next one rests, as the restore point before noted them. Their pieces stay in the folder until the
 * next full backup, and every restore point holds all of its chain, so that each can be restored by itself.
 *
 * @param tags of the full backup and of all that followed
 * @param base SCN of each data file's full backup
 * @param newest SCN of each data file's newest backup
 * @param restorable SCN from which on a restore is consistent
 * @param last SCN up to which the logs reach
 */
record Chain(List<String> tags, Map<Integer, Long> base, Map<Integer, Long> newest, long restorable, long last) {

    private static final Chain NONE = new Chain(List.of(), Map.of(), Map.of(), 0, 0);
    private static final String TAG = "chain.";
    private static final String BASE = "base_scn.";
    private static final String NEWEST = "checkpoint_scn.";

    /** What was noted, where it is of this database and of its incarnation and lies in the folder still. */
    static Chain of(Map<String, String> before, Instance instance, Pieces pieces) {
        boolean same = instance.dbid().equals(before.get("dbid"))
                && instance.uniqueName().equals(before.get("db_unique_name"))
                && instance.resetlogs().equals(before.get("resetlogs_scn"));
        List<String> tags = new ArrayList<>();
        for (int i = 0; before.containsKey(TAG + i); i++) {
            tags.add(before.getOrDefault(TAG + i, ""));
        }
        if (!same || tags.isEmpty() || !tags.stream().allMatch(each -> isThere(pieces.available(each)))) {
            return NONE;
        }
        return new Chain(
                tags,
                numbers(before, BASE),
                numbers(before, NEWEST),
                Long.parseLong(before.getOrDefault("restorable_scn", "0")),
                Long.parseLong(before.getOrDefault("last_scn", "0")));
    }

    private static boolean isThere(List<String> pieces) {
        return !pieces.isEmpty() && pieces.stream().allMatch(each -> Files.isReadable(Path.of(each)));
    }

    private static Map<Integer, Long> numbers(Map<String, String> before, String begin) {
        var numbers = new TreeMap<Integer, Long>();
        before.forEach((key, value) -> {
            if (key.startsWith(begin)) {
                numbers.put(Integer.parseInt(key.substring(begin.length())), Long.parseLong(value));
            }
        });
        return numbers;
    }

    boolean isUsable() {
        return !tags.isEmpty();
    }

    /** With logs alone. */
    Chain withLogs(String tag, long reached) {
        return new Chain(joined(tags, tag), base, newest, restorable, reached);
    }

    /** With a full backup, on which nothing before it matters. */
    static Chain begun(String tag, Map<Integer, Long> checkpoints, long consistent, long reached) {
        return new Chain(List.of(tag), checkpoints, checkpoints, consistent, reached);
    }

    Chain withDifferences(
            String tag, boolean cumulative, Map<Integer, Long> checkpoints, long consistent, long reached) {
        var full = new TreeMap<>(checkpoints);
        full.putAll(base);
        // Of a file that RMAN skipped there is nothing newer.
        var now = new TreeMap<>(cumulative ? base : newest);
        now.putAll(checkpoints);
        return new Chain(
                joined(cumulative ? tags.subList(0, 1) : tags, tag),
                full,
                now,
                Math.max(consistent, restorable),
                reached);
    }

    private static List<String> joined(List<String> tags, String tag) {
        var all = new ArrayList<>(tags);
        all.add(tag);
        return all;
    }

    /** Fails where differences begin behind what the chain holds: somebody else's backup lies in between. */
    void requireJoins(List<Pieces.DataFile> files, boolean cumulative) {
        requireJoins(files, cumulative ? base : newest);
    }

    /** The same, where what is held is known by the SCN of each file. */
    static void requireJoins(List<Pieces.DataFile> files, Map<Integer, Long> held) {
        for (Pieces.DataFile each : files) {
            Long until = held.get(each.number());
            if (until != null && each.since() > until) {
                throw ErrorCode.APPLICATION_LOG_GAP
                        .because("another incremental backup was taken in between, so changes are missing in ours; let"
                                + " nobody else take incremental backups, and take a full backup")
                        .with("file", each.number());
            }
        }
    }

    Map<String, String> evidence() {
        var evidence = new TreeMap<String, String>();
        for (int i = 0; i < tags.size(); i++) {
            evidence.put(TAG + i, tags.get(i));
        }
        base.forEach((file, scn) -> evidence.put(BASE + file, Long.toString(scn)));
        newest.forEach((file, scn) -> evidence.put(NEWEST + file, Long.toString(scn)));
        evidence.put("restorable_scn", Long.toString(restorable));
        evidence.put("last_scn", Long.toString(last));
        return evidence;
    }
}
