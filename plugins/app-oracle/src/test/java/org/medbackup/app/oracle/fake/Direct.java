package org.medbackup.app.oracle.fake;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

/** The programs of a home without their processes, for stories that are played many times. Safe for use by several threads. */
record Direct(Home home) implements Processes {

    @Override
    public Completed run(Command command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Running start(Command command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Piped pipe(Command command) {
        List<String> arguments = command.arguments();
        return new Program(
                home,
                Path.of(arguments.getFirst()).getFileName() + " "
                        + command.environment().getOrDefault("ORACLE_SID", "") + " "
                        + String.join(" ", arguments.subList(1, arguments.size())),
                new CompletableFuture<>());
    }

    private record Program(Home home, String call, CompletableFuture<Home.Reply> reply) implements Piped {

        @Override
        public OutputStream input() {
            return new ByteArrayOutputStream() {
                @Override
                public void close() {
                    List<String> lines =
                            toString(StandardCharsets.UTF_8).lines().toList();
                    Home.Reply said = home.reply(call, lines);
                    if (!said.hangs()) {
                        reply.complete(said);
                    }
                }
            };
        }

        @Override
        public InputStream output() {
            return new ByteArrayInputStream(reply.join().said().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public long pid() {
            return -1;
        }

        @Override
        public boolean isAlive() {
            return !reply.isDone();
        }

        @Override
        public boolean await(Duration limit) {
            try {
                reply.get(limit.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException goesOn) {
                return false;
            } catch (InterruptedException | ExecutionException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        @Override
        public int exitCode() {
            return reply.join().exit();
        }

        @Override
        public void close() {
            reply.complete(new Home.Reply("", 1, false));
        }
    }
}
