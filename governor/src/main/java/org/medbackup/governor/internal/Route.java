package org.medbackup.governor.internal;

import java.util.List;

/**
 * What a demand has to pass, and for whom it is.
 *
 * @param work the class of its work
 * @param job the job of that class
 * @param bytes ledgers that count its amount, from the job's to the host's
 * @param operations ledgers that count it as one
 */
record Route(Flow work, Flow job, List<Ledger> bytes, List<Ledger> operations) {

    Route {
        bytes = List.copyOf(bytes);
        operations = List.copyOf(operations);
    }

    boolean isLimited() {
        return bytes.stream().anyMatch(Ledger::isLimited) || operations.stream().anyMatch(Ledger::isLimited);
    }

    /** The ledger that keeps an amount waiting longest, and for how long. */
    Obstacle obstacle(long now, long amount) {
        Obstacle worst = Obstacle.NONE;
        for (Ledger ledger : bytes) {
            worst = worst.orLonger(ledger, ledger.delay(now, amount));
        }
        for (Ledger ledger : operations) {
            worst = worst.orLonger(ledger, ledger.delay(now, 1));
        }
        return worst;
    }

    void take(long now, long amount) {
        bytes.forEach(ledger -> ledger.take(now, amount));
        operations.forEach(ledger -> ledger.take(now, 1));
    }

    void commit(long now, long granted, long actual) {
        bytes.forEach(ledger -> ledger.commit(now, granted, actual));
        operations.forEach(ledger -> ledger.commit(now, 1, 1));
    }
}
