package org.medbackup.governor.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.medbackup.core.error.ErrorCode;

/**
 * The processes of this host that share the limits on one resource. The ledgers lie in words that all have mapped; each
 * process has a row of its own beside them: who it is, what it has in flight, when it last had somebody waiting, with what
 * weight, and how far it got (start-time fair queueing among processes, as {@link Flow} does it among jobs).
 *
 * <p>What a dead process had in flight counts as used at the moment when that was noticed, which is not before it was used.
 *
 * <p>Not safe for use by several threads.
 */
final class Neighbours implements Commons, AutoCloseable {

    /** Processes at a time. */
    static final int OWNERS = 32;
    /** Ledgers: two of the host, two of each of three disks. */
    static final int LEDGERS = 8;

    private static final int USED = 0;
    private static final int COUNT = 1;
    private static final int TIME = 2;
    private static final int FIRST_ROW = 3;
    // A row.
    private static final int PROCESS = 0;
    private static final int STARTED = 1;
    private static final int SEEN = 2;
    private static final int WEIGHT = 3;
    private static final int FINISH = 4;
    private static final int FLIGHTS = 5;
    private static final int ROW = FLIGHTS + LEDGERS;
    private static final int FIRST_LEDGER = FIRST_ROW + OWNERS * ROW;
    /** A ledger and the sum of its name. */
    private static final int PLACE = Ledger.WORDS + 1;

    private static final int WORDS = FIRST_LEDGER + LEDGERS * PLACE;

    private static final long MILLISECOND = 1_000_000;
    /** One that has not said for so long that it waits does not. */
    private static final long FRESH = 100 * MILLISECOND;

    private static final long SAY_AGAIN = 20 * MILLISECOND;
    private static final long LOOK_FOR_DEAD = 100 * MILLISECOND;
    private static final long NEXT_TURN = MILLISECOND;

    private record Claim(double weight, long at) {}

    private final SharedWords file;
    private final long[] words = new long[WORDS];
    private final Predicate<Owner> isGone;
    private final Map<Flow, Claim> claims = new HashMap<>();
    private final List<Ledger> shared = new ArrayList<>();
    private int row;
    private long looked;

    private Neighbours(SharedWords file, Predicate<Owner> isGone) {
        this.file = file;
        this.isGone = isGone;
    }

    /**
     * Joins those that share a file.
     *
     * @param isGone whether a process certainly runs no more
     */
    static Neighbours join(Path path, Owner self, Predicate<Owner> isGone, long now) {
        SharedWords file = SharedWords.open(path, WORDS, OWNERS);
        var joined = new Neighbours(file, isGone);
        try {
            file.joining(() -> joined.row = joined.takeRow(self, now));
        } catch (RuntimeException failed) {
            file.close();
            throw failed;
        }
        return joined;
    }

    private int takeRow(Owner self, long now) {
        file.read(words);
        buryDead(now, -1);
        for (int number = 0; number < OWNERS; number++) {
            if (words[at(number, PROCESS)] == 0) {
                int mine = number;
                change(() -> {
                    words[USED] = Math.max(words[USED], FIRST_LEDGER);
                    words[at(mine, PROCESS)] = self.process();
                    words[at(mine, STARTED)] = self.started();
                });
                file.writeAs(number);
                return number;
            }
        }
        throw ErrorCode.STATE_UNUSABLE.because(OWNERS + " processes share its limits, and no more can");
    }

    private static int at(int row, int field) {
        return FIRST_ROW + row * ROW + field;
    }

    private static int ledger(int number) {
        return FIRST_LEDGER + number * PLACE;
    }

    /** Does something to the words that are there now, until nobody else was quicker. */
    private void change(Runnable work) {
        do {
            file.read(words);
            work.run();
        } while (!file.write(words));
    }

    /** Lets a ledger be shared by its name, with what it knows. */
    void share(Ledger ledger, long now) {
        long sum = sum(ledger.name());
        int[] place = {0};
        change(() -> {
            place[0] = place(sum);
            int first = ledger(place[0]);
            words[first + Ledger.WORDS] = sum;
            ledger.addTo(new Ledger(ledger.name(), words, first, at(row, FLIGHTS + place[0])), now);
        });
        ledger.lieIn(words, ledger(place[0]), at(row, FLIGHTS + place[0]));
        shared.add(ledger);
    }

    private int place(long sum) {
        for (int number = 0; number < LEDGERS; number++) {
            if (number == words[COUNT]) {
                words[COUNT]++;
                words[USED] = ledger(number + 1);
                return number;
            }
            if (words[ledger(number) + Ledger.WORDS] == sum) {
                return number;
            }
        }
        throw ErrorCode.INVALID_LIMIT.because("no more than three disks can have a limit that processes share");
    }

    private static long sum(String name) {
        var sum = new CRC32C();
        sum.update(name.getBytes(StandardCharsets.UTF_8));
        return sum.getValue();
    }

    @Override
    public void refresh(long now) {
        file.read(words);
        if (now - looked >= LOOK_FOR_DEAD) {
            looked = now;
            buryDead(now, row);
        }
    }

    @Override
    public boolean publish() {
        return file.write(words);
    }

    private void buryDead(long now, int self) {
        for (int number = 0; number < OWNERS; number++) {
            var owner = new Owner(words[at(number, PROCESS)], words[at(number, STARTED)]);
            if (number != self && owner.process() != 0 && isGone.test(owner)) {
                bury(number, owner, now);
            }
        }
    }

    /** What it had in flight may have been used. */
    private void bury(int number, Owner owner, long now) {
        change(() -> {
            boolean isThere =
                    words[at(number, PROCESS)] == owner.process() && words[at(number, STARTED)] == owner.started();
            if (isThere) {
                for (int place = 0; place < words[COUNT]; place++) {
                    int flight = at(number, FLIGHTS + place);
                    new Ledger("", words, ledger(place), flight).commit(now, words[flight], words[flight]);
                }
                Arrays.fill(words, at(number, 0), at(number + 1, 0), 0);
            }
        });
    }

    private double value(int index) {
        return Double.longBitsToDouble(words[index]);
    }

    private void value(int index, double value) {
        words[index] = Double.doubleToRawLongBits(value);
    }

    private double start(int number) {
        return Math.max(value(TIME), value(at(number, FINISH)));
    }

    private boolean waits(int number, long now) {
        return number != row
                && words[at(number, PROCESS)] != 0
                && now - words[at(number, SEEN)] < FRESH
                && value(at(number, WEIGHT)) > 0;
    }

    @Override
    public long turn(long now, double ahead) {
        double least = Double.MAX_VALUE;
        double weights = Math.max(1, weight(now));
        for (int number = 0; number < OWNERS; number++) {
            if (waits(number, now)) {
                least = Math.min(least, start(number));
                weights += value(at(number, WEIGHT));
            }
        }
        return start(row) <= least + ahead / weights ? 0 : NEXT_TURN;
    }

    /** Of all jobs that have waited lately. */
    private double weight(long now) {
        claims.values().removeIf(claim -> now - claim.at > FRESH);
        return claims.values().stream().mapToDouble(Claim::weight).sum();
    }

    @Override
    public void demanded(long now, Route route) {
        claims.put(route.job(), new Claim(route.work().weight(), now));
        if (now - words[at(row, SEEN)] >= SAY_AGAIN) {
            // Where somebody else is quicker it is said the next time.
            words[at(row, SEEN)] = now;
            value(at(row, WEIGHT), weight(now));
            publish();
            file.read(words);
        }
    }

    @Override
    public void served(long now, Route route, long amount) {
        double start = start(row);
        double weight = Math.max(weight(now), route.work().weight());
        value(at(row, FINISH), start + amount / weight);
        double time = start;
        for (int number = 0; number < OWNERS; number++) {
            if (waits(number, now)) {
                time = Math.min(time, start(number));
            }
        }
        value(TIME, Math.max(value(TIME), time));
    }

    /** Leaves: what is in flight counts as used for the others. The ledgers are this process's own then. */
    @Override
    public void close() {
        file.read(words);
        shared.forEach(Ledger::lieAlone);
        bury(row, new Owner(words[at(row, PROCESS)], words[at(row, STARTED)]), looked);
        file.close();
    }
}
