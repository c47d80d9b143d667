package org.medbackup.governor.internal;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

    /** Whether other processes use one of its ledgers too. */
    boolean isShared() {
        return bytes.stream().anyMatch(Ledger::isShared) || operations.stream().anyMatch(Ledger::isShared);
    }

    /** The ledger of it that other processes use too and that is limited, or null. */
    @Nullable
    Ledger common() {
        return Stream.concat(bytes.stream(), operations.stream())
                .filter(ledger -> ledger.isShared() && ledger.isLimited())
                .findFirst()
                .orElse(null);
    }

    /**
     * Grants an amount by some of its ledgers.
     *
     * @param shared by those that other processes use too, or by the others
     */
    void take(long now, long amount, boolean shared) {
        each(bytes, shared, ledger -> ledger.take(now, amount));
        each(operations, shared, ledger -> ledger.take(now, 1));
    }

    /** Writes down what was used, by some of its ledgers. */
    void commit(long now, long granted, long actual, boolean shared) {
        each(bytes, shared, ledger -> ledger.commit(now, granted, actual));
        each(operations, shared, ledger -> ledger.commit(now, 1, 1));
    }

    private static void each(List<Ledger> ledgers, boolean shared, Consumer<Ledger> work) {
        for (Ledger ledger : ledgers) {
            if (ledger.isShared() == shared) {
                work.accept(ledger);
            }
        }
    }
}
