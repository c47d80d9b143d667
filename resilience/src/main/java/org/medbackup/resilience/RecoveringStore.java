package org.medbackup.resilience;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.RefusedException;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;

/**
 * Asks another store again where it did not answer, with pauses that grow, for as long as its {@link Target} is worth it.
 * While the target's circuit breaker is open the calls wait and one is made from time to time. What fails for another
 * reason is not asked again. Safe for use by several threads.
 *
 * <p>A put that finds its name taken after an earlier try compares: where the same bytes lie there, they are that try's.
 */
public final class RecoveringStore implements ObjectStore {

    private final ObjectStore inner;
    private final Target target;
    private final TimeSource time;
    private final RandomGenerator random;

    /** Asks a store; closing this closes it. */
    public RecoveringStore(ObjectStore inner, Target target, TimeSource time, RandomGenerator random) {
        this.inner = inner;
        this.target = target;
        this.time = time;
        this.random = random;
    }

    private interface Call<T> {
        T make(boolean again);
    }

    private <T> T made(Call<T> call) {
        long begun = time.nanos();
        int failures = 0;
        UnavailableException last = null;
        while (true) {
            CircuitBreaker.Entry entry = target.breaker().enter();
            if (!entry.allowed()) {
                pause(entry.pause(), begun, failures, last);
                continue;
            }
            try {
                T result = call.make(failures > 0);
                target.answered();
                target.breaker().succeeded(entry);
                target.budget().earn();
                return result;
            } catch (UnavailableException silent) {
                target.breaker().failed(entry);
                target.failed(silent);
                failures++;
                last = silent;
            } catch (CancelledException ended) {
                target.breaker().withdrawn(entry);
                throw ended;
            } catch (RuntimeException | Error other) {
                // Whatever it said, it answered; or it was not its failure.
                target.answered();
                target.breaker().succeeded(entry);
                throw other;
            }
            if (!target.budget().spend()) {
                throw last.with("tried", failures);
            }
            Duration pause = Backoff.OF_CALLS.pause(failures, random);
            Duration told = Orchestrator.told(last);
            pause(told.compareTo(pause) > 0 ? told : pause, begun, failures, last);
            target.retried();
        }
    }

    /** Waits, where the patience lasts for longer than that. */
    private void pause(Duration pause, long begun, int failures, @Nullable UnavailableException last) {
        if (time.since(begun).plus(pause).compareTo(target.patience()) > 0) {
            if (last == null) {
                throw target.closed();
            }
            throw last.with("tried", failures);
        }
        time.sleep(pause);
    }

    private <T> T made(Supplier<T> call) {
        return made(again -> call.get());
    }

    @Override
    public String location() {
        return inner.location();
    }

    @Override
    public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
        Put put = made(again -> new Put(inner.putIfAbsent(name, content), again));
        // Compared only when the call is over: the breaker may have let it through alone, and holds back what asks in
        // it.
        boolean ours = put.again() && put.outcome() == PutOutcome.EXISTED && isThere(name, content);
        return ours ? PutOutcome.CREATED : put.outcome();
    }

    /** What came of a put, and whether it was not the first try. */
    private record Put(PutOutcome outcome, boolean again) {}

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
        return made(() -> {
            target.position(start);
            return inner.read(name, offset, target);
        });
    }

    @Override
    public OptionalLong length(ObjectName name) {
        return made(() -> inner.length(name));
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> visitor) {
        var last = new AtomicReference<@Nullable ObjectName>();
        made(() -> {
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
        return existed && made(again -> inner.delete(name) || again);
    }

    @Override
    public boolean isEmpty() {
        return made(inner::isEmpty);
    }

    @Override
    public Optional<Locks> locks() {
        return inner.locks().map(Recovering::new);
    }

    /** Locks of which the questions are asked again. */
    private final class Recovering implements Locks {

        private final Locks asked;

        Recovering(Locks asked) {
            this.asked = asked;
        }

        @Override
        public Optional<Instant> until(ObjectName name) {
            return made(() -> asked.until(name));
        }

        @Override
        public void extend(ObjectName name, Instant until) {
            made(() -> {
                asked.extend(name, until);
                return true;
            });
        }
    }

    @Override
    public Optional<Recall> recall() {
        return inner.recall().map(Fetching::new);
    }

    /** A recall of which the questions are asked again. */
    private final class Fetching implements Recall {

        private final Recall asked;

        Fetching(Recall asked) {
            this.asked = asked;
        }

        @Override
        public Readiness readiness(ObjectName name) {
            return made(() -> asked.readiness(name));
        }

        @Override
        public void request(ObjectName name, Speed speed, Duration keep) {
            made(() -> {
                asked.request(name, speed, keep);
                return true;
            });
        }

        @Override
        public Terms terms(ObjectName name) {
            return made(() -> asked.terms(name));
        }
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
