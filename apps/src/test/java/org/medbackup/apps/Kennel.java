package org.medbackup.apps;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application;

/** Processes that are watchdogs in a thread of this one. */
final class Kennel implements Processes {

    private final Function<Frozen, Application> opener;
    private volatile boolean mute;
    private @Nullable Dog last;

    Kennel(Function<Frozen, Application> opener) {
        this.opener = opener;
    }

    Kennel mute() {
        mute = true;
        return this;
    }

    Dog last() {
        return java.util.Objects.requireNonNull(last);
    }

    @Override
    public Completed run(Command command) {
        throw new AssertionError("nothing is run");
    }

    @Override
    public Running start(Command command) {
        throw new AssertionError("nothing is started");
    }

    @Override
    public Piped pipe(Command command) {
        var dog = new Dog();
        last = dog;
        return dog;
    }

    /** One watchdog. */
    final class Dog implements Piped {

        private final Hose input = new Hose();
        private final Hose output = new Hose();
        private final Thread thread;

        Dog() {
            thread = Thread.ofPlatform().daemon().start(() -> {
                try {
                    if (mute) {
                        input.drain().readAllBytes();
                    } else {
                        new Watchdog(TimeSource.system(), opener).guard(input.drain(), output);
                    }
                    output.close();
                } catch (IOException | BackupException killed) {
                    // As a process that was killed.
                }
            });
        }

        /** It is dead: what it says and hears is cut. */
        void kill() {
            input.close();
            output.close();
        }

        @Override
        public long pid() {
            return 1;
        }

        @Override
        public boolean isAlive() {
            return thread.isAlive() && !output.closed;
        }

        @Override
        public boolean await(Duration limit) {
            try {
                return thread.join(limit);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        @Override
        public OutputStream input() {
            return input;
        }

        @Override
        public InputStream output() {
            return output.drain();
        }

        @Override
        public void close() {
            kill();
        }
    }

    /** A pipe that heeds no interrupt, as those between processes. */
    private static final class Hose extends OutputStream {

        private final BlockingQueue<Integer> bytes = new LinkedBlockingQueue<>();
        private volatile boolean closed;

        @Override
        public void write(int value) throws IOException {
            if (closed) {
                throw new IOException("closed");
            }
            bytes.add(value & 0xff);
        }

        @Override
        public void close() {
            closed = true;
            bytes.add(-1);
        }

        InputStream drain() {
            return new InputStream() {
                @Override
                public int read() {
                    while (true) {
                        try {
                            int value = bytes.take();
                            if (value < 0) {
                                bytes.add(value);
                            }
                            return value;
                        } catch (InterruptedException ignored) {
                            // As a read from a pipe.
                        }
                    }
                }

                @Override
                public int read(byte[] target, int offset, int length) {
                    int value = read();
                    if (value < 0) {
                        return -1;
                    }
                    target[offset] = (byte) value;
                    return 1;
                }
            };
        }
    }
}
