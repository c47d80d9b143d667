package org.medbackup.app.oracle.fake;

import java.util.List;
import java.util.Objects;

/** What applications do to a database: each change is in a log before it is in a file. */
record Workload(FakeDatabase database, State state) {

    /** An application moves money. */
    void transfer() {
        long n = ++state.transfers;
        long scn = state.scn += 10;
        int thread = thread(n);
        change(thread, scn, (int) (n % Bank.ACCOUNTS), -n);
        change(thread, scn, (int) ((n + 1) % Bank.ACCOUNTS), n);
        change(thread, scn, Bank.COUNT, 1);
    }

    private int thread(long n) {
        List<Integer> threads = List.copyOf(state.current.keySet());
        return database.keeps(Rule.EVERY_THREAD_HAS_ITS_LOG)
                ? threads.get((int) (n % threads.size()))
                : threads.getFirst();
    }

    private void change(int thread, long scn, int block, long by) {
        Redo log = Objects.requireNonNull(state.current.get(thread));
        boolean first = state.active.containsKey(Bank.file(block)) && state.imaged.add(block);
        if (first && database.keeps(Rule.BACKUP_MODE_LOGS_WHOLE_BLOCKS)) {
            log.records().add(new Redo.Entry.Image(scn, block, state.values[block], state.scns[block]));
        }
        log.records().add(new Redo.Entry.Change(scn, block, by));
        state.values[block] += by;
        state.scns[block] = scn;
    }

    /** A load with NOLOGGING. */
    void unlogged() {
        long scn = state.scn += 10;
        if (database.keeps(Rule.UNLOGGED_CHANGES_ARE_NOTED)) {
            state.unrecoverable.put(2, scn);
        }
    }
}
