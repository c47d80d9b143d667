package org.medbackup.app.oracle.fake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a server makes of data files and logs. It believes its files; what they do not tell it, it does not know. */
record Recovery(
        Set<Rule> off, List<Integer> threads, Map<Integer, DataFile> files, Set<Integer> readOnly, List<Redo> logs) {

    boolean keeps(Rule rule) {
        return !off.contains(rule);
    }

    /**
     * Rolls forward.
     *
     * @param until SCN of the first change that is not wanted
     * @param snapshotTime when the files were copied; empty where that is not said
     */
    Bank to(long until, String snapshotTime) throws OracleError {
        // A file that is read only needs nothing from any log.
        long from = files.values().stream()
                .filter(each -> !readOnly.contains(each.number()) || !keeps(Rule.READ_ONLY_FILES_NEED_NO_LOGS))
                .mapToLong(DataFile::checkpoint)
                .min()
                .orElse(0);
        requireLogs(from, until);
        if (!snapshotTime.isEmpty() && keeps(Rule.SNAPSHOT_TIME_IS_CHECKED)) {
            boolean beyond = logs.stream()
                    .filter(each -> each.first() < until)
                    .anyMatch(each -> each.ended().compareTo(snapshotTime) > 0);
            if (!beyond) {
                throw new OracleError(1195);
            }
        }
        var values = new long[Bank.BLOCKS];
        var scns = new long[Bank.BLOCKS];
        files.values()
                .forEach(file -> file.values().forEach((block, value) -> {
                    values[block] = value;
                    scns[block] = file.scns().getOrDefault(block, 0L);
                }));
        Set<Integer> ended = apply(values, scns, until);
        boolean fuzzy = files.values().stream().anyMatch(each -> each.backup() > 0 && !ended.contains(each.number()));
        if (fuzzy && keeps(Rule.FUZZY_FILES_NEED_THE_END_OF_BACKUP)) {
            throw new OracleError(1195);
        }
        return Bank.of(values);
    }

    private Set<Integer> apply(long[] values, long[] scns, long until) {
        Set<Integer> ended = new HashSet<>();
        List<Redo.Entry> records = new ArrayList<>();
        logs.forEach(each -> records.addAll(each.records()));
        records.sort(Comparator.comparingLong(Redo.Entry::scn));
        for (Redo.Entry each : records) {
            if (each.scn() >= until) {
                continue;
            }
            switch (each) {
                case Redo.Entry.Change change -> {
                    DataFile file = file(change.block());
                    if (change.scn() > file.checkpoint() && change.scn() > scns[change.block()]) {
                        values[change.block()] += change.by();
                        scns[change.block()] = change.scn();
                    }
                }
                case Redo.Entry.Image image -> {
                    if (file(image.block()).backup() > 0
                            && image.scn() > file(image.block()).checkpoint()) {
                        values[image.block()] = image.value();
                        scns[image.block()] = image.blockScn();
                    }
                }
                case Redo.Entry.End end -> {
                    if (end.scn() >= files.getOrDefault(end.file(), file(0)).checkpoint()) {
                        ended.add(end.file());
                    }
                }
            }
        }
        return ended;
    }

    private DataFile file(int block) {
        return java.util.Objects.requireNonNull(files.get(Bank.file(block)));
    }

    private void requireLogs(long from, long until) throws OracleError {
        if (!keeps(Rule.MISSING_LOGS_STOP_A_RECOVERY)) {
            return;
        }
        for (int thread : threads) {
            var ofThread = new TreeMap<Long, Redo>();
            logs.stream().filter(each -> each.thread() == thread).forEach(each -> ofThread.put(each.first(), each));
            long reached = from;
            for (Redo each : ofThread.values()) {
                if (each.first() <= reached) {
                    reached = Math.max(reached, each.next());
                }
            }
            if (reached < until) {
                throw new OracleError("RMAN-06054");
            }
        }
    }
}
