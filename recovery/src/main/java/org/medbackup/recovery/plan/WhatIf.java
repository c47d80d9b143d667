package org.medbackup.recovery.plan;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore.Recall.Speed;

/**
 * Other circumstances than those of a plan and of this machine: what a recovery would take with another link, other disks, more
 * places, another machine.
 *
 * @param read bytes a second from the repository; below 0 as in the plan, 0 without a limit
 * @param write likewise, to the target
 * @param processors how many processors' worth of time; below 0 as in the plan
 * @param parallel how many applications at the same time; 0 as in the plan
 * @param workers by how many threads a restore is made; 0 as here
 * @param slower so many times as long as here takes what no limit decides: 0.5 for a machine that is twice as quick
 * @param recall at which speed what lies cold is brought back; null for the cheapest
 */
public record WhatIf(
        long read,
        long write,
        double processors,
        int parallel,
        int workers,
        double slower,
        @Nullable Speed recall) {

    /** As it is. */
    public static final WhatIf NOTHING = new WhatIf(-1, -1, -1, 0, 0, 1, null);

    private static final Pattern RATE = Pattern.compile("[1-9][0-9]{0,6}(KiB|MiB|GiB)/s");

    public WhatIf {
        if (!(slower > 0) || slower > 1_000 || parallel < 0 || workers < 0 || Double.isNaN(processors)) {
            throw new IllegalArgumentException("a machine is some thousand times slower at most");
        }
    }

    /**
     * Reads it.
     *
     * @param settings such as {@code read=200MiB/s}, {@code write=none}, {@code processors=4}, {@code parallel=3}, {@code
     *     slower=0.5}
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#USAGE}
     */
    public static WhatIf parse(List<String> settings) {
        WhatIf all = NOTHING;
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            String name = equals < 0 ? setting : setting.substring(0, equals);
            all = all.with(name, equals < 0 ? "" : setting.substring(equals + 1));
        }
        return all;
    }

    private WhatIf with(String name, String value) {
        return switch (name) {
            case "read" -> new WhatIf(rate(value), write, processors, parallel, workers, slower, recall);
            case "write" -> new WhatIf(read, rate(value), processors, parallel, workers, slower, recall);
            case "processors" -> {
                double most = value.equals("none") ? 0 : number(value, 0.01, 4_096);
                yield new WhatIf(read, write, most, parallel, workers, slower, recall);
            }
            case "parallel" -> {
                int places = (int) number(value, 1, 1_000);
                yield new WhatIf(read, write, processors, places, workers, slower, recall);
            }
            case "workers" -> {
                int threads = (int) number(value, 1, 1_000);
                yield new WhatIf(read, write, processors, parallel, threads, slower, recall);
            }
            case "slower" -> {
                double factor = number(value, 0.001, 1_000);
                yield new WhatIf(read, write, processors, parallel, workers, factor, recall);
            }
            case "recall" -> new WhatIf(read, write, processors, parallel, workers, slower, speed(value));
            default ->
                throw ErrorCode.USAGE.because(
                        "what may be otherwise is read, write, processors, parallel, workers, slower or recall, not "
                                + name);
        };
    }

    private static Speed speed(String value) {
        for (Speed each : Speed.values()) {
            if (each.name().equalsIgnoreCase(value)) {
                return each;
            }
        }
        throw ErrorCode.USAGE.because("a speed of recall is expedited, standard or bulk");
    }

    private static long rate(String value) {
        if (value.equals("none")) {
            return 0;
        }
        if (!RATE.matcher(value).matches()) {
            throw ErrorCode.USAGE.because("a rate is none, or like 200MiB/s");
        }
        return Envelope.rate(value);
    }

    private static double number(String value, double least, double most) {
        try {
            double number = Double.parseDouble(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException other) {
            // It is told below.
        }
        throw ErrorCode.USAGE.because(String.format(Locale.ROOT, "it should be a number from %s to %s", least, most));
    }

    /** The plan's envelope in these circumstances. */
    public Envelope of(Envelope plan) {
        return new Envelope(
                parallel > 0 ? parallel : plan.parallel(),
                read >= 0 ? read : plan.read(),
                write >= 0 ? write : plan.write(),
                processors >= 0 ? processors : plan.processors());
    }
}
