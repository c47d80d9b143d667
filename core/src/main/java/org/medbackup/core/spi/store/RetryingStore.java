package org.medbackup.core.spi.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.RefusedException;
import org.medbackup.core.error.UnavailableException;

/**
 * Asks another store again where it did not answer: five times, with pauses of a quarter of a second and then twice as
 * long each, four seconds in all. What fails for another reason is not asked again. Safe for use by several threads.
 *
 * <p>A put that finds its name taken after an earlier try compares: where the same bytes lie there, they are that try's.
 */
public final class RetryingStore implements ObjectStore {

    private static final int TRIES = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

    private final ObjectStore inner;
    private final TimeSource time;

    /** Asks a store; closing this closes it. */
    public RetryingStore(ObjectStore inner, TimeSource time) {
        this.inner = inner;
        this.time = time;
    }

    private interface Call<T> {
        T make(boolean again);
    }

    private <T> T retried(Call<T> call) {
        for (int tried = 1; ; tried++) {
            try {
                return call.make(tried > 1);
            } catch (UnavailableException silent) {
                if (tried == TRIES) {
                    throw silent.with("tried", TRIES);
                }
                time.sleep(FIRST_PAUSE.multipliedBy(1L << tried - 1));
            }
        }
    }

    private <T> T retried(Supplier<T> call) {
        return retried(again -> call.get());
    }

    @Override
    public String location() {
        return inner.location();
    }

    @Override
    public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
        return retried(again -> {
            PutOutcome outcome = inner.putIfAbsent(name, content);
            return again && outcome == PutOutcome.EXISTED && isThere(name, content) ? PutOutcome.CREATED : outcome;
        });
    }

    private boolean isThere(ObjectName name, ObjectContent content) {
        try {
            if (length(name).orElse(-1) != content.length()) {
                return false;
            }
            content.writeTo(new Comparison(name));
            return true;
        } catch (IOException different) {
            return false;
        } catch (RefusedException unreadable) {
            // A writer that may not read what it wrote: that somebody made the object is all that is known.
            return false;
        }
    }

    /** Takes content for as long as the same is stored. */
    private final class Comparison implements WritableByteChannel {

        private final ObjectName name;
        private long at;

        Comparison(ObjectName name) {
            this.name = name;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            ByteBuffer stored = ByteBuffer.allocate(Math.min(source.remaining(), 1 << 20));
            int length = read(name, at, stored);
            ByteBuffer given = source.slice(source.position(), stored.capacity());
            if (!stored.flip().equals(given)) {
                throw new IOException("something else is stored");
            }
            at += length;
            source.position(source.position() + length);
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        int start = target.position();
        return retried(() -> {
            target.position(start);
            return inner.read(name, offset, target);
        });
    }

    @Override
    public OptionalLong length(ObjectName name) {
        return retried(() -> inner.length(name));
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> visitor) {
        var last = new AtomicReference<@Nullable ObjectName>();
        retried(() -> {
            ObjectName told = last.get();
            inner.list(prefix, info -> {
                if (told == null || info.name().compareTo(told) > 0) {
                    last.set(info.name());
                    visitor.accept(info);
                }
            });
            return true;
        });
    }

    @Override
    public boolean delete(ObjectName name) {
        // Asked before: after a try without an answer nobody knows whether there was one.
        boolean existed = length(name).isPresent();
        return existed && retried(again -> inner.delete(name) || again);
    }

    @Override
    public boolean isEmpty() {
        return retried(inner::isEmpty);
    }

    @Override
    public Optional<Questions> questions() {
        return inner.questions();
    }

    @Override
    public void close() {
        inner.close();
    }
}
