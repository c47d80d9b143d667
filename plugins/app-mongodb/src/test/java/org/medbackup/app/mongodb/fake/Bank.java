package org.medbackup.app.mongodb.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The data files of a member: four accounts, each in a file of its own, a log of transfers between them, and a file that
 * names the last checkpoint. A checkpoint writes the accounts anew and begins a new log. As in a real server a transfer
 * is in the log's buffer first and on the disk a little later.
 *
 * <p>{@link #recover} does what the server would do at its start with a copied folder: without a word it makes nonsense of
 * files that do not belong together.
 */
public final class Bank {

    static final int ACCOUNTS = 4;
    static final long OPENING_BALANCE = 1000;
    private static final int CHECKPOINT_EVERY = 3;
    private static final String CHECKPOINT = "WiredTiger.turtle";

    private final Path folder;
    private final long[] balances = new long[ACCOUNTS];
    private final StringBuilder buffer = new StringBuilder();
    private int transfers;
    private int log = 1;
    private boolean pinned;

    Bank(Path folder) {
        this.folder = folder;
        java.util.Arrays.fill(balances, OPENING_BALANCE);
        try {
            Files.createDirectories(folder.resolve("journal"));
            Files.createDirectories(folder.resolve("diagnostic.data"));
            Files.writeString(folder.resolve("diagnostic.data/metrics"), "not data");
            Files.writeString(folder.resolve("WiredTiger"), "WiredTiger 11.3\n");
            Files.writeString(folder.resolve("mongod.lock"), "1\n");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        checkpoint();
    }

    /** How many transfers were committed. */
    public synchronized int transfers() {
        return transfers;
    }

    /** What each account holds after so many transfers. */
    public static List<Long> balancesAfter(int transfers) {
        var balances = new long[ACCOUNTS];
        java.util.Arrays.fill(balances, OPENING_BALANCE);
        for (int n = 1; n <= transfers; n++) {
            apply(balances, n);
        }
        return java.util.Arrays.stream(balances).boxed().toList();
    }

    private static void apply(long[] balances, int n) {
        balances[n % ACCOUNTS] -= n;
        balances[(n + 1) % ACCOUNTS] += n;
    }

    synchronized void transfer() {
        transfers++;
        apply(balances, transfers);
        buffer.append(transfers).append('\n');
        if (transfers % CHECKPOINT_EVERY == 0 && !pinned) {
            checkpoint();
        }
    }

    synchronized void pin(boolean on) {
        pinned = on;
    }

    /** Brings the log onto the disk. */
    synchronized void flush() {
        write(log(log), buffer.toString(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        buffer.setLength(0);
    }

    synchronized void checkpoint() {
        flush();
        for (int i = 0; i < ACCOUNTS; i++) {
            write(account(i), Long.toString(balances[i]));
        }
        int old = log++;
        write(folder.resolve(CHECKPOINT), transfers + " " + log);
        flush();
        try {
            Files.deleteIfExists(log(old));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** All files, the log's last. */
    synchronized List<Path> files() {
        List<Path> files = new ArrayList<>(List.of(folder.resolve("WiredTiger"), folder.resolve(CHECKPOINT)));
        for (int i = 0; i < ACCOUNTS; i++) {
            files.add(account(i));
        }
        files.addAll(logFiles());
        return files;
    }

    synchronized List<Path> logFiles() {
        try (Stream<Path> all = Files.list(folder.resolve("journal"))) {
            return all.sorted().toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path account(int i) {
        return folder.resolve("collection-" + i + "-7.wt");
    }

    private Path log(int number) {
        return folder.resolve("journal").resolve("WiredTigerLog.%010d".formatted(number));
    }

    private static void write(Path file, String text, StandardOpenOption... options) {
        try {
            Files.writeString(file, text, options);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * What a server would find in a copied folder.
     *
     * @param balances of the accounts
     * @param transfers number of the last one that is in there, as far as the server knows
     */
    public record Recovered(List<Long> balances, int transfers) {

        /** Whether the accounts are as they were after that transfer. */
        public boolean isConsistent() {
            return balances.equals(balancesAfter(transfers));
        }
    }

    /** Starts from a copied folder. */
    public static Recovered recover(Path copied) {
        try {
            String[] checkpoint = Files.readString(copied.resolve(CHECKPOINT)).split(" ");
            var balances = new long[ACCOUNTS];
            for (int i = 0; i < ACCOUNTS; i++) {
                balances[i] = Long.parseLong(Files.readString(copied.resolve("collection-" + i + "-7.wt")));
            }
            int last = Integer.parseInt(checkpoint[0]);
            Path log =
                    copied.resolve("journal").resolve("WiredTigerLog.%010d".formatted(Integer.parseInt(checkpoint[1])));
            List<String> entries = Files.exists(log) ? Files.readAllLines(log) : List.of();
            for (String each : entries) {
                last = Integer.parseInt(each);
                apply(balances, last);
            }
            return new Recovered(java.util.Arrays.stream(balances).boxed().toList(), last);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
