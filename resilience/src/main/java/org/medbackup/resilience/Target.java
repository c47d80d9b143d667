package org.medbackup.resilience;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UnavailableException;

/**
 * What all who use one storage target share: how it has answered lately, and how many more tries it is worth. Safe for use
 * by several threads.
 */
public final class Target {

    /** For how long a call to it is tried where nothing else is said. */
    public static final Duration PATIENCE = Duration.ofMinutes(1);

    /** The same for one that has never answered: its address may be wrong, and somebody may wait for being told so. */
    public static final Duration PATIENCE_AT_FIRST = Duration.ofSeconds(10);

    private final CircuitBreaker breaker;
    private final RetryBudget budget;
    private final Duration patience;
    private final Duration atFirst;
    private final AtomicLong retries = new AtomicLong();
    private volatile boolean answered;
    private volatile Map<String, String> said = Map.of();

    /**
     * One that nobody has used yet.
     *
     * @param patience for how long a call is tried in all
     * @param atFirst for how long while it has never answered
     */
    public Target(CircuitBreaker breaker, RetryBudget budget, Duration patience, Duration atFirst) {
        this.breaker = breaker;
        this.budget = budget;
        this.patience = patience;
        this.atFirst = atFirst;
    }

    /** With the usual terms. */
    public static Target usual(TimeSource time) {
        return new Target(
                new CircuitBreaker(time, CircuitBreaker.Terms.USUAL),
                new RetryBudget(RetryBudget.USUAL),
                PATIENCE,
                PATIENCE_AT_FIRST);
    }

    /** Stops calls to it while it does not answer. */
    public CircuitBreaker breaker() {
        return breaker;
    }

    /** How many more tries it is worth. */
    public RetryBudget budget() {
        return budget;
    }

    /** For how long a call is tried in all, as it stands. */
    public Duration patience() {
        return answered ? patience : atFirst;
    }

    /** How many calls were made again. */
    public long retries() {
        return retries.get();
    }

    /** Keeps what was said of a failure, for those who are not let through after it. */
    void failed(UnavailableException failure) {
        said = failure.context();
    }

    /** What those are told who were not let through: what was said of the last failure. */
    BackupException closed() {
        BackupException closed = ErrorCode.STORE_UNAVAILABLE.because("it has not answered others for a while");
        said.forEach(closed::with);
        return closed;
    }

    void answered() {
        answered = true;
    }

    void retried() {
        retries.incrementAndGet();
    }
}
