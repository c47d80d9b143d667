package org.medbackup.bench;

import java.util.List;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.core.spi.throttle.Throttle.Resource;
import org.medbackup.governor.GovernedJob;
import org.medbackup.governor.Governor;
import org.medbackup.governor.Limits;
import org.medbackup.governor.WorkClass;

/** The product's own. */
final class GovernedLimiter implements Limiter {

    static final String NAME = "medbackup";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Opened open(long rate) {
        Governor governor = Governor.of(Limits.parse(List.of("network.egress=" + rate + "B/s")));
        GovernedJob job = governor.open(WorkClass.INCREMENTAL, Limits.none());
        return new Opened() {
            @Override
            public void pass(int bytes, Runnable use) {
                long left = bytes;
                while (left > 0) {
                    try (Throttle.Permit permit = job.acquire(new Throttle.Demand(Resource.NETWORK_EGRESS, left, 0))) {
                        left -= permit.amount();
                        if (left == 0) {
                            use.run();
                        }
                        permit.commit(permit.amount());
                    }
                }
            }

            @Override
            public void close() {
                job.close();
            }
        };
    }
}
