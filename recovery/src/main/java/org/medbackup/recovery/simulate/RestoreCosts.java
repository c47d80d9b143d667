package org.medbackup.recovery.simulate;

/**
 * What a restore costs on one machine, from one repository to one file system, where nothing limits it.
 *
 * @param start seconds that every restore takes before its first byte
 * @param perEntry seconds of a worker that an entry takes beside its bytes
 * @param perByte seconds of a worker that a byte takes: fetched, opened, written
 * @param processorStart seconds of processor time that every restore takes
 * @param processorPerEntry likewise, for each entry
 * @param processorPerByte likewise, for each byte
 * @param spread by what share two measurements of it differed; 0.1 is a tenth
 */
public record RestoreCosts(
        double start,
        double perEntry,
        double perByte,
        double processorStart,
        double processorPerEntry,
        double processorPerByte,
        double spread) {

    public RestoreCosts {
        if (!(start >= 0)
                || !(perEntry >= 0)
                || !(perByte >= 0)
                || !(processorStart >= 0)
                || !(processorPerEntry >= 0)
                || !(processorPerByte >= 0)
                || !(spread >= 0)) {
            throw new IllegalArgumentException("costs are not negative");
        }
    }

    /** All of them so many times as high; the spread stays. */
    public RestoreCosts times(double factor) {
        return new RestoreCosts(
                start * factor,
                perEntry * factor,
                perByte * factor,
                processorStart * factor,
                processorPerEntry * factor,
                processorPerByte * factor,
                spread);
    }

    /** With something that comes first, such as opening the repository. */
    public RestoreCosts startingAfter(double seconds) {
        return new RestoreCosts(
                start + seconds, perEntry, perByte, processorStart, processorPerEntry, processorPerByte, spread);
    }
}
