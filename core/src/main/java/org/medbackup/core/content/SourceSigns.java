package org.medbackup.core.content;

import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What a backup measured that tells a sweep of ransomware from an ordinary day. It stands in the manifest, so that it is known
 * wherever the restore point is. Numbers only.
 *
 * @param files regular files of the source
 * @param bytes of all files
 * @param added files that were not there last time
 * @param changed files that are not as they were
 * @param deleted files that were there last time
 * @param renamed of those that were added: they have the name of a deleted one and an end more
 * @param read bytes read from files
 * @param fresh plain bytes of chunks that were not there before
 * @param stored bytes of all objects written
 * @param looked bytes of the files that were read and looked at
 * @param random of those: bytes of files that look random and are of no known format
 * @param swept files that were of a known format or plain, or are by their name, and look random now
 * @param sweptBytes their bytes
 * @param strange files of the most frequent end of a name among new ones that look random and promise nothing
 * @param canaries canary files that were changed or are gone
 * @param compared whether there was a backup before to compare with
 */
public record SourceSigns(
        long files,
        long bytes,
        long added,
        long changed,
        long deleted,
        long renamed,
        long read,
        long fresh,
        long stored,
        long looked,
        long random,
        long swept,
        long sweptBytes,
        long strange,
        long canaries,
        boolean compared) {

    /** The name of the evidence that holds it in a manifest. */
    public static final String EVIDENCE = "medbackup.signs";

    private static final int NUMBERS = 16;

    /** As text, numbers with spaces between; later versions may add some at the end. */
    public String text() {
        return LongStream.of(
                        files,
                        bytes,
                        added,
                        changed,
                        deleted,
                        renamed,
                        read,
                        fresh,
                        stored,
                        looked,
                        random,
                        swept,
                        sweptBytes,
                        strange,
                        canaries,
                        compared ? 1 : 0)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(" "));
    }

    /** The same evidence with this. */
    public SortedMap<String, String> with(SortedMap<String, String> evidence) {
        SortedMap<String, String> all = new TreeMap<>(evidence);
        all.put(EVIDENCE, text());
        return all;
    }

    /** What evidence says of it; empty where it does not. */
    public static Optional<SourceSigns> in(SortedMap<String, String> evidence) {
        return Optional.ofNullable(evidence.get(EVIDENCE)).flatMap(SourceSigns::parse);
    }

    /** What a text says; empty where it says something else. */
    public static Optional<SourceSigns> parse(String text) {
        try {
            long[] all = Arrays.stream(text.split(" ", -1))
                    .mapToLong(Long::parseLong)
                    .toArray();
            return all.length < NUMBERS
                    ? Optional.empty()
                    : Optional.of(new SourceSigns(
                            all[0],
                            all[1],
                            all[2],
                            all[3],
                            all[4],
                            all[5],
                            all[6],
                            all[7],
                            all[8],
                            all[9],
                            all[10],
                            all[11],
                            all[12],
                            all[13],
                            all[14],
                            all[15] == 1));
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }
}
