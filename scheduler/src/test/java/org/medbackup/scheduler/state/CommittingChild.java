package org.medbackup.scheduler.state;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;

/** Commits runs one after the other and says each when it is acknowledged, until it is killed. */
final class CommittingChild {

    private CommittingChild() {}

    public static void main(String[] arguments) {
        Store store = arguments[0].equals("sqlite")
                ? new Store.Sqlite(Path.of(arguments[1]))
                : TestDatabase.Address.store(arguments[1], arguments[2]);
        try (StateDatabase state = store.open("child", "one", TimeSource.system(), Entropy.system())) {
            for (int i = 0; ; i++) {
                String job = "job" + i;
                state.configure(List.of(job), Instant.EPOCH);
                String _ =
                        state.enqueue(StateContract.run(job, 0, Instant.EPOCH)).orElseThrow();
                System.out.println("done " + job);
            }
        }
    }
}
