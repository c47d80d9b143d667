package org.medbackup.governor.adapt;

import java.util.Locale;
import org.medbackup.core.spi.signal.Unit;

/**
 * What a backup did to one protected application, as it was measured: in pauses at random times, and outside of them.
 *
 * @param name of what is protected
 * @param unit of all values
 * @param p50Off median in the pauses; NaN where nothing was measured
 * @param p99Off 99th percentile in the pauses
 * @param p50On median outside of them
 * @param p99On 99th percentile outside of them
 * @param low lower end of the 95 % interval of the rise of the 99th percentile, as a part; NaN where there were too few
 *     pauses for one
 * @param high its upper end
 * @param maxRise the rise that is allowed; infinite where only {@code limit} counts
 * @param limit what the 99th percentile must not exceed; infinite where only {@code maxRise} counts
 * @param minutes how many were judged
 * @param minutesKept in how many of them the 99th percentile was within the bound
 */
public record ImpactReport(
        String name,
        Unit unit,
        double p50Off,
        double p99Off,
        double p50On,
        double p99On,
        double low,
        double high,
        double maxRise,
        double limit,
        long minutes,
        long minutesKept) {

    /** The rise of the 99th percentile as a part; NaN where nothing was measured. */
    public double rise() {
        return p99On / p99Off - 1;
    }

    /** The part of the minutes in which the bound was kept; 1 where none was judged. */
    public double kept() {
        return minutes == 0 ? 1 : (double) minutesKept / minutes;
    }

    /** One sentence for people. */
    public String text() {
        return "p99 of the protected application: " + comparison() + ", bound " + bound() + ": " + verdict();
    }

    private String comparison() {
        if (Double.isNaN(p99On)) {
            return "nothing was measured";
        }
        if (Double.isNaN(p99Off)) {
            return "on " + value(p99On) + ", no pause to compare it with";
        }
        String interval = Double.isNaN(high)
                ? "too few pauses for an interval"
                : "95 % interval " + signed(low) + " to " + signed(high);
        return "off " + value(p99Off) + ", on " + value(p99On) + ", " + signed(rise()) + " % (" + interval + ")";
    }

    private String bound() {
        return Double.isInfinite(maxRise) ? value(limit) : Math.round(maxRise * 100) + " %";
    }

    private String verdict() {
        return minutes == 0
                ? "no whole minute to judge"
                : "kept in " + String.format(Locale.ROOT, "%.1f", kept() * 100).replace(".0", "") + " % of minutes";
    }

    private static String signed(double part) {
        return String.format(Locale.ROOT, "%+d", Math.round(part * 100));
    }

    private String value(double value) {
        if (unit == Unit.SHARE) {
            return number(value * 100) + " %";
        }
        return value < 1 ? number(value * 1000) + " ms" : number(value) + " s";
    }

    /** Two digits that count, and no more than are there. */
    private static String number(double value) {
        int digits = value >= 10 ? 0 : value >= 1 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
