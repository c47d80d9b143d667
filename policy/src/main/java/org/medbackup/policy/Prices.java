package org.medbackup.policy;

import java.time.Period;

/**
 * What a tier costs, in any currency. Requests are counted by packs of 64 MiB, in which data is stored, not by files.
 *
 * @param storage for a gigabyte (10^9 bytes) and a month
 * @param put for 1,000 requests that write
 * @param get for 1,000 requests that read
 * @param egress for a gigabyte that leaves
 * @param recall for a gigabyte that is made readable
 * @param minimum for so long is paid, also where it is deleted before; zero for no such rule
 */
public record Prices(double storage, double put, double get, double egress, double recall, Period minimum) {

    private static final double GIGABYTE = 1e9;
    private static final double PACK = 64.0 * (1 << 20);
    private static final double REQUESTS = 1_000;
    private static final double DAYS_OF_MONTH = 30.4375;

    /** What so many bytes cost in a month. */
    public double perMonth(double bytes) {
        return bytes / GIGABYTE * storage;
    }

    /** What it costs to bring so many bytes in. */
    public double in(double bytes) {
        return bytes / PACK / REQUESTS * put;
    }

    /** What it costs to get so many bytes out. */
    public double out(double bytes) {
        return bytes / PACK / REQUESTS * get + bytes / GIGABYTE * (egress + recall);
    }

    /** What is paid at most for so many bytes that are deleted before {@link #minimum}. */
    public double early(double bytes) {
        double days = minimum.getYears() * 365.25 + minimum.getMonths() * DAYS_OF_MONTH + minimum.getDays();
        return perMonth(bytes) * days / DAYS_OF_MONTH;
    }
}
