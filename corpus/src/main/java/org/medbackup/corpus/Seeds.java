package org.medbackup.corpus;

import java.security.SecureRandom;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The seeds of a property test, for {@code @MethodSource}; the seed stands in the test's name.
 *
 * <p>By default the seeds are 1 to the count, so that a build repeats. System properties change that: {@code seed=N}
 * gives exactly that one, {@code seeds=N} another count for every test, {@code seeds.random=true} fresh ones.
 *
 * <pre>{@code
 * static LongStream seeds() { return Seeds.of(200); }
 *
 * @ParameterizedTest(name = "seed={0}")
 * @MethodSource("seeds")
 * void cuttingAndJoiningGivesTheSameBytes(long seed) { … SeededRandom.of(seed) … }
 * }</pre>
 */
public final class Seeds {

    private Seeds() {}

    /** So many seeds, or what the system properties ask for. */
    public static LongStream of(int count) {
        var fresh = new SecureRandom();
        return of(count, System::getProperty, fresh::nextLong);
    }

    static LongStream of(int count, Properties properties, LongSupplier fresh) {
        String one = properties.get("seed");
        if (one != null) {
            return LongStream.of(number("seed", one));
        }
        String other = properties.get("seeds");
        long wanted = other == null ? count : number("seeds", other);
        return Boolean.parseBoolean(properties.get("seeds.random"))
                ? LongStream.generate(fresh).limit(wanted)
                : LongStream.rangeClosed(1, wanted);
    }

    private static long number(String property, String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException notOne) {
            throw new IllegalArgumentException("the system property " + property + " must be a whole number", notOne);
        }
    }

    /** {@link System#getProperty(String)}, or a test's own. */
    @FunctionalInterface
    interface Properties {

        @Nullable
        String get(String name);
    }
}
