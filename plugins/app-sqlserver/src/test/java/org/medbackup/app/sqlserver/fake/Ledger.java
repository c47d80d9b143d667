package org.medbackup.app.sqlserver.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * The two files of a database: accounts in the one, in the other the log of transfers since the last checkpoint. A checkpoint
 * writes the accounts and empties the log. What does not belong together is recovered without a word, and wrong.
 */
public final class Ledger {

    private static final int ACCOUNTS = 4;
    private static final int CHECKPOINT_EVERY = 3;

    private final Path data;
    private final Path log;
    private int transfers;

    Ledger(Path folder, String name) {
        data = folder.resolve(name + ".mdf");
        log = folder.resolve(name + "_log.ldf");
        try {
            Files.createDirectories(folder);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        checkpoint();
    }

    Path data() {
        return data;
    }

    Path log() {
        return log;
    }

    int transfers() {
        return transfers;
    }

    void transfer() {
        transfers++;
        write(log, transfers + "\n", StandardOpenOption.APPEND);
        if (transfers % CHECKPOINT_EVERY == 0) {
            checkpoint();
        }
    }

    private void checkpoint() {
        write(data, balancesAfter(transfers).toString());
        write(log, "from " + transfers + "\n");
    }

    private static void write(Path file, String text, StandardOpenOption... options) {
        try {
            Files.writeString(file, text, options);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What each account holds after so many transfers. */
    public static List<Long> balancesAfter(int transfers) {
        var balances = new long[ACCOUNTS];
        for (int n = 1; n <= transfers; n++) {
            apply(balances, n);
        }
        return Arrays.stream(balances).boxed().toList();
    }

    private static void apply(long[] balances, int n) {
        balances[n % ACCOUNTS] -= n;
        balances[(n + 1) % ACCOUNTS] += n;
    }

    /**
     * What a server finds.
     *
     * @param transfers number of the last one, as far as the server knows
     */
    public record Recovered(List<Long> balances, int transfers) {

        public boolean isConsistent() {
            return balances.equals(balancesAfter(transfers));
        }
    }

    /** Starts from copies of the two files. */
    static Recovered recover(Path data, Path log) {
        try {
            String text = Files.readString(data);
            long[] balances = Arrays.stream(text.substring(1, text.length() - 1).split(", "))
                    .mapToLong(Long::parseLong)
                    .toArray();
            List<String> lines = Files.readAllLines(log);
            int last = Integer.parseInt(lines.getFirst().substring(5));
            for (String each : lines.subList(1, lines.size())) {
                last = Integer.parseInt(each);
                apply(balances, last);
            }
            return new Recovered(Arrays.stream(balances).boxed().toList(), last);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
