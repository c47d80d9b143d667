package org.medbackup.audit.report;

import java.util.List;

/**
 * What the trail says of one kind of evidence. None is met without something that was examined and an entry that shows it.
 *
 * @param kind of the evidence, such as {@code backup-exec}
 * @param status what follows from it
 * @param metric what was looked at
 * @param threshold what it should be
 * @param observed what it was
 * @param population how many there are of what was looked at
 * @param sampleSize how many of them were examined
 * @param exceptions what is not as it should be, or could not be told; no names of persons and no paths
 * @param entries numbers of the entries that show it
 */
public record Measure(
        String kind,
        ControlStatus status,
        String metric,
        String threshold,
        String observed,
        long population,
        long sampleSize,
        List<String> exceptions,
        List<Long> entries) {

    /** More of each are not told one by one; their number is. */
    private static final int MOST_EXCEPTIONS = 50;

    private static final int MOST_ENTRIES = 8;

    public Measure {
        exceptions = shortened(exceptions);
        entries = entries.stream().distinct().limit(MOST_ENTRIES).sorted().toList();
        if (population < 0 || sampleSize < 0 || sampleSize > population) {
            throw new IllegalArgumentException("no more is examined than there is");
        }
        if (status == ControlStatus.MET && (population == 0 || sampleSize == 0 || entries.isEmpty())) {
            throw new IllegalArgumentException("nothing is met of which nothing was examined, or that nothing shows");
        }
        if (status == ControlStatus.ADDRESSABLE_ALTERNATIVE) {
            throw new IllegalArgumentException("an alternative belongs to a control");
        }
    }

    private static List<String> shortened(List<String> all) {
        if (all.size() <= MOST_EXCEPTIONS) {
            return List.copyOf(all);
        }
        var some = new java.util.ArrayList<>(all.subList(0, MOST_EXCEPTIONS));
        some.add("and " + (all.size() - MOST_EXCEPTIONS) + " more");
        return List.copyOf(some);
    }

    /** Of what nothing on record tells. */
    public static Measure notAssessed(String kind, String metric, String why) {
        return new Measure(kind, ControlStatus.NOT_ASSESSED, metric, "", why, 0, 0, List.of(), List.of());
    }

    /** Of what did not happen in the period, though the product was at work. */
    public static Measure notApplicable(String kind, String metric, String why) {
        return new Measure(kind, ControlStatus.NOT_APPLICABLE, metric, "", why, 0, 0, List.of(), List.of());
    }

    /**
     * One of which each member was examined: met where there are members and an entry and no exceptions, else not.
     *
     * @param entries those that matter most first; more than eight are not cited
     */
    public static Measure examined(
            String kind,
            String metric,
            String threshold,
            String observed,
            long population,
            List<String> exceptions,
            List<Long> entries) {
        ControlStatus status = population == 0 || entries.isEmpty()
                ? ControlStatus.NOT_ASSESSED
                : exceptions.isEmpty() ? ControlStatus.MET : ControlStatus.NOT_MET;
        return new Measure(kind, status, metric, threshold, observed, population, population, exceptions, entries);
    }
}
