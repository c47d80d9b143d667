package org.medbackup.recovery.learn;

import java.util.Map;
import org.medbackup.recovery.simulate.Resource;
import org.medbackup.recovery.simulate.RestoreSimulation;

/** What decides how long a stage takes. */
public enum Limiting {
    /** The machine itself. */
    NOTHING,
    /** The limit of reading from the repository. */
    READ,
    /** The limit of writing to the target. */
    WRITE,
    /** The limit of processor time. */
    PROCESSOR;

    /** What held a simulated restore for half of its time and more. */
    public static Limiting of(RestoreSimulation.Ran ran) {
        return of(ran.saturated(), ran.seconds());
    }

    /** What was used up for half of the time and more. */
    public static Limiting of(Map<Resource, Double> saturated, double seconds) {
        for (Map.Entry<Resource, Double> each : saturated.entrySet()) {
            if (each.getValue() >= seconds / 2) {
                return switch (each.getKey()) {
                    case READ, NETWORK -> READ;
                    case WRITE -> WRITE;
                    case PROCESSOR -> PROCESSOR;
                };
            }
        }
        return NOTHING;
    }
}
