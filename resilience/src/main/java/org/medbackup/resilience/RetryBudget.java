package org.medbackup.resilience;

/**
 * Keeps tries again from becoming the load that they wait to end: each costs one, each success earns a tenth, and with
 * nothing left a failure is not tried again. So under a lasting failure of all calls the retries end after the budget, and
 * under a failure of some they stay a tenth of the calls. Safe for use by several threads.
 */
public final class RetryBudget {

    /** What a target is given where nothing else is said. */
    public static final int USUAL = 50;

    private static final int A_RETRY = 10;

    private final int most;
    private int tenths;

    /** Full. */
    public RetryBudget(int retries) {
        if (retries < 1) {
            throw new IllegalArgumentException("a budget for " + retries + " retries");
        }
        most = retries * A_RETRY;
        tenths = most;
    }

    /** Takes one retry out; false where there is none. */
    public synchronized boolean spend() {
        if (tenths < A_RETRY) {
            return false;
        }
        tenths -= A_RETRY;
        return true;
    }

    /** Puts a tenth of a retry back for a success, up to what it was given. */
    public synchronized void earn() {
        tenths = Math.min(most, tenths + 1);
    }

    /** Whole retries that are left. */
    public synchronized int left() {
        return tenths / A_RETRY;
    }
}
