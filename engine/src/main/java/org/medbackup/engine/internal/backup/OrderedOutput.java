package org.medbackup.engine.internal.backup;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.scan.CacheRecord;
import org.medbackup.engine.internal.scan.CachedPart;
import org.medbackup.linux.LinuxException;

/**
 * Brings what the workers finish out of order back into the order of the paths: a queue of which the head is passed on as
 * soon as it is complete. It is bounded; when it is full, the walk waits for the head. Used by the thread of the walk only.
 */
final class OrderedOutput {

    private static final int LONGEST = 8192;

    private final Receiver receiver;
    private final Deque<Item> queue = new ArrayDeque<>();

    /** Takes items whose turn has come. */
    interface Receiver {

        /** A complete record. */
        void record(CacheRecord record);

        /** A small file, read or not. */
        void small(Bundle bundle, int place);

        /** The end of a large file. */
        void end(LargeFile file);
    }

    private sealed interface Item {

        record Ready(CacheRecord record) implements Item {}

        record Small(Bundle bundle, int place) implements Item {}

        record Region(LargeFile file, Future<CachedPart> part) implements Item {}

        record End(LargeFile file) implements Item {}
    }

    OrderedOutput(Receiver receiver) {
        this.receiver = receiver;
    }

    void record(CacheRecord record) {
        push(new Item.Ready(record));
    }

    void small(Bundle bundle, int place) {
        push(new Item.Small(bundle, place));
    }

    void region(LargeFile file, Future<CachedPart> part) {
        push(new Item.Region(file, part));
    }

    void end(LargeFile file) {
        push(new Item.End(file));
    }

    private void push(Item item) {
        if (Thread.currentThread().isInterrupted()) {
            throw ErrorCode.CANCELLED.because("interrupted while reading the source");
        }
        queue.add(item);
        while (!queue.isEmpty() && (isComplete(queue.element()) || queue.size() > LONGEST)) {
            pass(queue.remove());
        }
    }

    /** Waits for everything that is in the queue. */
    void flush() {
        while (!queue.isEmpty()) {
            pass(queue.remove());
        }
    }

    /** Does something at the place of the item that is just being passed on, before all that waits behind it. */
    void now(Runnable work) {
        var waiting = new ArrayList<>(queue);
        queue.clear();
        work.run();
        flush();
        queue.addAll(waiting);
    }

    private static boolean isComplete(Item item) {
        return switch (item) {
            case Item.Ready _, Item.End _ -> true;
            case Item.Small small -> small.bundle().isDone();
            case Item.Region region -> region.part().isDone();
        };
    }

    private void pass(Item item) {
        switch (item) {
            case Item.Ready ready -> receiver.record(ready.record());
            case Item.Small small -> receiver.small(small.bundle(), small.place());
            case Item.Region region -> pass(region);
            case Item.End end -> receiver.end(end.file());
        }
    }

    private void pass(Item.Region region) {
        try {
            CachedPart part = WorkerPool.await(region.part());
            if (region.file().add(part)) {
                receiver.record(new CacheRecord.Part(part));
            }
        } catch (LinuxException unreadable) {
            region.file().fail(unreadable);
        }
    }

    /** Lets go of what is open, after a failure. */
    void abandon() {
        for (Item item : List.copyOf(queue)) {
            switch (item) {
                case Item.Small small ->
                    small.bundle().file(small.place()).folder.release();
                case Item.End end -> end.file().close();
                case Item.Ready _, Item.Region _ -> {
                    // Nothing is open.
                }
            }
        }
        queue.clear();
    }
}
