package org.medbackup.governor.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides who of those who wait comes next. The flows of classes divide what there is by their weights, within a class
 * its jobs do. Nobody overtakes on a ledger for which somebody before him waits; who waits for a limit of his own holds up
 * nobody. Not safe for use by several threads.
 */
final class Arbiter {

    /** A demand that waits. */
    static final class Waiting {

        private final Route route;
        private final long amount;
        private boolean granted;
        private Obstacle obstacle = Obstacle.NONE;
        private boolean behind;

        private Waiting(Route route, long amount) {
            this.route = route;
            this.amount = amount;
        }

        boolean isGranted() {
            return granted;
        }

        long amount() {
            return amount;
        }

        Route route() {
            return route;
        }

        /** Whether somebody waits before it for the same ledger, so that its own delay says nothing. */
        boolean isBehind() {
            return behind;
        }

        /** What kept it waiting when it was last looked at. */
        Obstacle obstacle() {
            return obstacle;
        }
    }

    /** By so much a process may be ahead of another that waits, so that nobody has to be awake at the right moment. */
    private static final double SECONDS_AHEAD = 0.02;

    private static final double SLICES_AHEAD = 10;

    private final List<Waiting> waiting = new ArrayList<>();
    private final Flow whole = new Flow(1);
    private Commons commons = Commons.ALONE;

    /** From now on others of the host share ledgers. */
    void share(Commons others) {
        commons = others;
    }

    Commons commons() {
        return commons;
    }

    /** Takes a demand in. */
    Waiting submit(Route route, long amount) {
        var demand = new Waiting(route, amount);
        waiting.add(demand);
        return demand;
    }

    /** Lets go of a demand that nobody waits for any more. */
    void withdraw(Waiting demand) {
        waiting.remove(demand);
    }

    int size() {
        return waiting.size();
    }

    /** Grants what can be granted now, and gives whom. */
    List<Waiting> grant(long now) {
        List<Waiting> granted = new ArrayList<>();
        commons.refresh(now);
        for (Waiting next = next(now); next != null; next = next(now)) {
            if (take(next, now)) {
                waiting.remove(next);
                next.granted = true;
                next.route.job().serve(next.route.work(), next.amount);
                next.route.work().serve(whole, next.amount);
                granted.add(next);
            }
        }
        for (Waiting demand : waiting) {
            Ledger full = demand.obstacle.ledger();
            if (full != null && full.isShared()) {
                commons.demanded(now, demand.route);
            }
        }
        return granted;
    }

    /** Takes what it needs, unless another process was quicker. */
    private boolean take(Waiting next, long now) {
        if (next.route.isShared()) {
            next.route.take(now, next.amount, true);
            commons.served(now, next.route, next.amount);
            if (!commons.publish()) {
                commons.refresh(now);
                return false;
            }
        }
        next.route.take(now, next.amount, false);
        return true;
    }

    /** Writes down what was used of a grant. */
    void commit(Route route, long now, long granted, long actual) {
        if (route.isShared()) {
            do {
                commons.refresh(now);
                route.commit(now, granted, actual, true);
            } while (!commons.publish());
        }
        route.commit(now, granted, actual, false);
    }

    private @Nullable Waiting next(long now) {
        Set<Ledger> held = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Waiting> left = new ArrayList<>(waiting);
        while (!left.isEmpty()) {
            Waiting first = first(left);
            left.remove(first);
            Ledger taken = taken(held, first.route);
            first.behind = taken != null;
            if (taken != null) {
                first.obstacle = new Obstacle(taken, Long.MAX_VALUE);
                continue;
            }
            first.obstacle = obstacle(first, now);
            Ledger full = first.obstacle.ledger();
            if (full == null) {
                return first;
            }
            // Until that one has room the others do not matter: they are free for whoever comes after.
            held.add(full);
        }
        return null;
    }

    private Obstacle obstacle(Waiting demand, long now) {
        Obstacle obstacle = demand.route.obstacle(now, demand.amount);
        Ledger common = obstacle.ledger() == null ? demand.route.common() : null;
        if (common == null) {
            return obstacle;
        }
        double ahead = demand.amount * SLICES_AHEAD;
        if (demand.route.bytes().contains(common)) {
            ahead = Math.max(ahead, common.limit() * SECONDS_AHEAD);
        }
        return Obstacle.NONE.orLonger(common, commons.turn(now, ahead));
    }

    /** The one whose class stands lowest, of these whose job does, of these the eldest. */
    private Waiting first(List<Waiting> left) {
        Waiting first = left.getFirst();
        for (Waiting other : left) {
            Flow work = other.route.work();
            int order = Double.compare(work.start(whole), first.route.work().start(whole));
            if (order == 0 && work == first.route.work()) {
                order = Double.compare(
                        other.route.job().start(work), first.route.job().start(work));
            }
            if (order < 0) {
                first = other;
            }
        }
        return first;
    }

    /** A ledger of the route for which somebody waits already, or null. */
    private static @Nullable Ledger taken(Set<Ledger> held, Route route) {
        for (List<Ledger> ledgers : List.of(route.bytes(), route.operations())) {
            for (Ledger ledger : ledgers) {
                if (held.contains(ledger)) {
                    return ledger;
                }
            }
        }
        return null;
    }
}
