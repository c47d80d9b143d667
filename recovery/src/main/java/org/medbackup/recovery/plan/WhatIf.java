package org.medbackup.recovery.plan;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.medbackup.core.error.ErrorCode;

/**
 * Other circumstances than those of a plan and of this machine: what a recovery would take with another link, other disks, more
 * places, another machine.
 *
 * @param read bytes a second from the repository; below 0 as in the plan, 0 without a limit
 * @param write likewise, to the target
 * @param processors how many processors' worth of time; below 0 as in the plan
 * @param parallel how many applications at the same time; 0 as in the plan
 * @param slower so many times as long as here takes what no limit decides: 0.5 for a machine that is twice as quick
 */
public record WhatIf(long read, long write, double processors, int parallel, double slower) {

    /** As it is. */
    public static final WhatIf NOTHING = new WhatIf(-1, -1, -1, 0, 1);

    private static final Pattern RATE = Pattern.compile("[1-9][0-9]{0,6}(KiB|MiB|GiB)/s");

    public WhatIf {
        if (!(slower > 0) || slower > 1_000 || parallel < 0 || Double.isNaN(processors)) {
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
            String value = equals < 0 ? "" : setting.substring(equals + 1);
            all = switch (name) {
                case "read" -> new WhatIf(rate(value), all.write, all.processors, all.parallel, all.slower);
                case "write" -> new WhatIf(all.read, rate(value), all.processors, all.parallel, all.slower);
                case "processors" ->
                    new WhatIf(
                            all.read,
                            all.write,
                            value.equals("none") ? 0 : number(value, 0.01, 4_096),
                            all.parallel,
                            all.slower);
                case "parallel" ->
                    new WhatIf(all.read, all.write, all.processors, (int) number(value, 1, 1_000), all.slower);
                case "slower" ->
                    new WhatIf(all.read, all.write, all.processors, all.parallel, number(value, 0.001, 1_000));
                default ->
                    throw ErrorCode.USAGE.because(
                            "what may be otherwise is read, write, processors, parallel or slower, not " + name);
            };
        }
        return all;
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
