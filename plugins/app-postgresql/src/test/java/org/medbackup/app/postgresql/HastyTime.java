package org.medbackup.app.postgresql;

import java.time.Duration;
import java.time.Instant;
import org.medbackup.core.TimeSource;

/** The machine's clocks, with waits a fiftieth as long: nobody waits five seconds for a heartbeat in a test. */
class HastyTime implements TimeSource {

    private final TimeSource system = TimeSource.system();

    @Override
    public Instant now() {
        return system.now();
    }

    @Override
    public long nanos() {
        return system.nanos();
    }

    @Override
    public void sleep(Duration duration) {
        system.sleep(duration.dividedBy(50));
    }
}
