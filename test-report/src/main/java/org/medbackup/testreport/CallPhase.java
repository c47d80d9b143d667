package org.medbackup.testreport;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Holds what is known of the call of one test method.
 *
 * @param began when the call began, in nanoseconds of the JVM's own clock, or null before that
 * @param ended when it ended, or null before that
 * @param failure what it ended with, if not well
 */
record CallPhase(
        @Nullable Long began,
        @Nullable Long ended,
        @Nullable Throwable failure) {

    /**
     * By unique id, the tests that run under a listener which will ask. Static, because the JUnit platform makes the
     * extension and the listener, each on its own, and knows no way from one to the other.
     */
    private static final ConcurrentHashMap<String, CallPhase> RUNNING = new ConcurrentHashMap<>();

    static void expect(String uniqueId) {
        RUNNING.put(uniqueId, new CallPhase(null, null, null));
    }

    static void begin(String uniqueId) {
        update(uniqueId, _ -> new CallPhase(System.nanoTime(), null, null));
    }

    static void end(String uniqueId, @Nullable Throwable failure) {
        update(uniqueId, call -> new CallPhase(call.began(), System.nanoTime(), failure));
    }

    static CallPhase take(String uniqueId) {
        CallPhase call = RUNNING.remove(uniqueId);
        return call == null ? new CallPhase(null, null, null) : call;
    }

    private static void update(String uniqueId, UnaryOperator<CallPhase> change) {
        RUNNING.computeIfPresent(uniqueId, (_, call) -> change.apply(call));
    }
}
