package org.medbackup.service;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectInfo;

/** Lists several stores as one, in the order of the names; what is in several comes once. Holds some hundred names of each. */
final class MergedListing {

    private static final int AHEAD = 256;

    private MergedListing() {}

    /** Lists one store, in the order of the names. */
    @FunctionalInterface
    interface Source {
        void list(Consumer<ObjectInfo> visitor);
    }

    /** What comes from one store: a name, its end, or why it failed. */
    private record Next(@Nullable ObjectInfo info, @Nullable RuntimeException failure) {}

    /** One store that is being listed by a thread of its own. */
    private static final class Listing {

        private final BlockingQueue<Next> queue = new ArrayBlockingQueue<>(AHEAD);
        private final Thread thread;
        private @Nullable ObjectInfo head;

        Listing(Source source) {
            this.thread = Thread.ofVirtual().name("listing").start(() -> run(source));
        }

        private void run(Source source) {
            try {
                source.list(info -> put(new Next(info, null)));
                put(new Next(null, null));
            } catch (Ended ended) {
                // Nobody waits for more.
            } catch (RuntimeException failed) {
                try {
                    put(new Next(null, failed));
                } catch (Ended ended) {
                    // Nobody waits for it.
                }
            }
        }

        private void put(Next next) {
            try {
                queue.put(next);
            } catch (InterruptedException over) {
                throw new Ended();
            }
        }

        /** Takes the next name; false at the end. */
        boolean advance() {
            Next next;
            try {
                next = queue.take();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw ErrorCode.CANCELLED.because("interrupted while listing", interrupted);
            }
            RuntimeException failure = next.failure();
            if (failure != null) {
                throw failure;
            }
            head = next.info();
            return head != null;
        }

        ObjectInfo head() {
            ObjectInfo info = head;
            if (info == null) {
                throw new IllegalStateException("it has ended");
            }
            return info;
        }
    }

    /** Whoever listens has gone. */
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    static void of(List<Source> sources, Consumer<ObjectInfo> visitor) {
        var listings = new ArrayList<Listing>();
        try {
            sources.forEach(each -> listings.add(new Listing(each)));
            var next = new PriorityQueue<Listing>(
                    Comparator.comparing(each -> each.head().name()));
            listings.stream().filter(Listing::advance).forEach(next::add);
            ObjectInfo last = null;
            while (!next.isEmpty()) {
                Listing first = next.remove();
                ObjectInfo info = first.head();
                if (last == null || !last.name().equals(info.name())) {
                    visitor.accept(info);
                }
                last = info;
                if (first.advance()) {
                    next.add(first);
                }
            }
        } finally {
            listings.forEach(each -> each.thread.interrupt());
        }
    }
}
