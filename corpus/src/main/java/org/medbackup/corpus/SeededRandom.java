package org.medbackup.corpus;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * Random values that depend on the seed and on nothing else: not on the machine, nor on the JDK, whose own generators may
 * change how they make a bounded number out of bits.
 *
 * <p>The generator is SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014) with
 * one gamma for all, so streams are stretches of one cycle of 2<sup>64</sup>: fit for tests, not for keys. Not for use by
 * several threads; {@link #split()} gives each its own.
 */
public final class SeededRandom {

    static final long GAMMA = 0x9e3779b97f4a7c15L;

    private static final String ODD_CHARACTERS = "éßñøłжλאعहह中語한\u0301\u200d\u00a0😀𝒳";

    private long state;

    private SeededRandom(long state) {
        this.state = state;
    }

    /** The stream of a seed. Seeds that are close to each other give streams that are not. */
    public static SeededRandom of(long seed) {
        return new SeededRandom(scatter(seed));
    }

    /** One of many streams of a seed: for the n-th thing, whatever was made before it. */
    public static SeededRandom of(long seed, long stream) {
        return new SeededRandom(scatter(scatter(seed ^ GAMMA) + stream));
    }

    /** A stream of its own, whose use does not move this one. */
    public SeededRandom split() {
        return new SeededRandom(scatter(nextLong()));
    }

    /** All 64 bits. */
    public long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    /** All 32 bits. */
    public int nextInt() {
        return (int) (nextLong() >>> 32);
    }

    /** True and false alike. */
    public boolean nextBoolean() {
        return nextLong() < 0;
    }

    /** True once in so many. */
    public boolean oneIn(int times) {
        return below(times) == 0;
    }

    /** At least 0, less than 1. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** At least 0, less than the bound, each alike. */
    public int below(int bound) {
        return (int) below((long) bound);
    }

    /** At least 0, less than the bound, each alike. */
    public long below(long bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("the bound must be positive");
        }
        // Lemire 2019: the high half of a product is unbiased once few low halves are rejected.
        long reject = Long.remainderUnsigned(-bound, bound);
        long bits = nextLong();
        while (Long.compareUnsigned(bits * bound, reject) < 0) {
            bits = nextLong();
        }
        return Math.unsignedMultiplyHigh(bits, bound);
    }

    /** From the first to the last, both included. */
    public int between(int first, int last) {
        return Math.toIntExact(first + below((long) last - first + 1));
    }

    /** From the first to the last, both included; the range must hold less than 2<sup>63</sup> numbers. */
    public long between(long first, long last) {
        return first + below(Math.addExact(Math.subtractExact(last, first), 1));
    }

    /** A length of 0 or more with that mean: mostly short, sometimes long, as real lengths are. */
    public int geometric(int mean) {
        if (mean <= 0) {
            return 0;
        }
        // StrictMath, since Math.log may differ in its last bit between machines.
        double length = StrictMath.log(1 - nextDouble()) / StrictMath.log(mean / (mean + 1.0));
        return (int) Math.min(length, Integer.MAX_VALUE);
    }

    /** One of the values, each alike. */
    public <T> T pick(List<T> values) {
        return values.get(below(values.size()));
    }

    /** One of the values, each alike. */
    @SafeVarargs
    public final <T> T pick(T... values) {
        return values[below(values.length)];
    }

    /** The values in another order; the collection stays as it is. */
    public <T> List<T> shuffled(Collection<T> values) {
        var list = new ArrayList<T>(values);
        for (int i = list.size() - 1; i > 0; i--) {
            int j = below(i + 1);
            T moved = list.get(i);
            list.set(i, list.get(j));
            list.set(j, moved);
        }
        return list;
    }

    /** So many different numbers from 0 to below the bound, ascending. */
    public long[] distinct(int count, long bound) {
        if (count > bound) {
            throw new IllegalArgumentException("there are fewer numbers below the bound than asked for");
        }
        // Floyd's way (Bentley, Communications of the ACM, September 1987): no draw is wasted.
        var chosen = new TreeSet<Long>();
        for (long last = bound - count; last < bound; last++) {
            long drawn = below(last + 1);
            if (!chosen.add(drawn)) {
                chosen.add(last);
            }
        }
        return chosen.stream().mapToLong(Long::longValue).toArray();
    }

    /** A new array of random bytes. */
    public byte[] bytes(int length) {
        return Bytes.random(nextLong(), length);
    }

    /** So many decimal digits; the first may be 0. */
    public String digits(int length) {
        var text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) ('0' + below(10)));
        }
        return text.toString();
    }

    /** A text of so many code points: mostly ASCII, some control characters, some that take two, three or four bytes. */
    public String text(int codePoints) {
        var text = new StringBuilder(codePoints);
        for (int i = 0; i < codePoints; i++) {
            text.appendCodePoint(codePoint());
        }
        return text.toString();
    }

    private int codePoint() {
        return switch (below(16)) {
            case 0 -> below(0x20);
            case 1, 2 -> {
                int[] odd = ODD_CHARACTERS.codePoints().toArray();
                yield odd[below(odd.length)];
            }
            default -> between(0x20, 0x7e);
        };
    }

    /** The output function of SplitMix64: a bijection of 64 bits (Stafford's variant 13). */
    static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }

    /** Another bijection (MurmurHash3's), so that the stream of a seed is no stretch that its neighbour soon reaches. */
    static long scatter(long seed) {
        long mixed = (seed ^ seed >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
