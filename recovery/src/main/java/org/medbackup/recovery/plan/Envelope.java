package org.medbackup.recovery.plan;

import java.util.EnumMap;
import java.util.Map;
import org.medbackup.recovery.simulate.Resource;

/**
 * What a recovery may use of the machine and its links. It is declared before, holds in drills and in earnest, and a prediction
 * is made under it: what is not limited is not known.
 *
 * @param parallel how many applications are recovered at the same time
 * @param read bytes a second from the repository, all together; 0 for no limit
 * @param write bytes a second to the target, all together; 0 for no limit
 * @param processors how many processors' worth of time; 0 for no limit
 */
public record Envelope(int parallel, long read, long write, double processors) {

    /** One after the other, as fast as it goes. */
    public static final Envelope NONE = new Envelope(1, 0, 0, 0);

    public Envelope {
        if (parallel < 1 || read < 0 || write < 0 || !(processors >= 0)) {
            throw new IllegalArgumentException(
                    "an envelope has at least one place, and limits that are not below zero");
        }
    }

    /** Whether anything is limited. */
    public boolean isDeclared() {
        return read > 0 || write > 0 || processors > 0;
    }

    /**
     * What there is of each resource a second.
     *
     * @param machine processors that the machine has; infinite where that is not known
     */
    public Map<Resource, Double> capacities(double machine) {
        Map<Resource, Double> capacities = new EnumMap<>(Resource.class);
        if (read > 0) {
            capacities.put(Resource.READ, (double) read);
        }
        if (write > 0) {
            capacities.put(Resource.WRITE, (double) write);
        }
        double most = processors > 0 ? Math.min(processors, machine) : machine;
        if (most < Double.POSITIVE_INFINITY) {
            capacities.put(Resource.PROCESSOR, most);
        }
        return capacities;
    }

    /** Bytes a second of a rate such as {@code 200MiB/s}; the caller knows that it is one. */
    static long rate(String text) {
        int digits = 0;
        while (Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        int shift = switch (text.charAt(digits)) {
            case 'K' -> 10;
            case 'M' -> 20;
            default -> 30;
        };
        return Long.parseLong(text.substring(0, digits)) << shift;
    }
}
