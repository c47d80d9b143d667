package org.medbackup.scheduler.state;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.testkit.ManualTime;

class SqliteStateTest extends StateContract {

    @TempDir
    private Path folder;

    private final ManualTime time = new ManualTime();

    @Override
    Store newStore() {
        return new Store.Sqlite(folder.resolve("state.db"));
    }

    @Override
    TimeSource time() {
        return time;
    }

    @Override
    void letPass(Duration lease) {
        time.advance(lease.plusMillis(1));
    }
}
