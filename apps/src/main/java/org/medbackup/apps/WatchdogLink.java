package org.medbackup.apps;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.medbackup.apps.WatchdogProtocol.Line;
import org.medbackup.apps.WatchdogProtocol.Order;
import org.medbackup.apps.WatchdogProtocol.Verb;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;

/**
 * This process's side of its {@link Watchdog}. Once the watchdog is dead, nothing is frozen through this link any more.
 *
 * <p>A thread of its own renews the leases; it stops with this process, and that is what the watchdog notices. Safe for use
 * by several threads.
 */
public final class WatchdogLink implements AutoCloseable {

    private final Processes.Piped watchdog;
    private final PrintStream input;
    private final Times times;
    private final TimeSource time;
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private final Set<String> thawed = ConcurrentHashMap.newKeySet();
    private final Map<String, CompletableFuture<Verb>> asked = new ConcurrentHashMap<>();
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private final Thread renewing;
    private volatile boolean dead;

    /**
     * How long things take.
     *
     * @param ttl after which the watchdog thaws unless it hears of this process
     * @param renewal how often it hears
     * @param start within which the watchdog is ready, and has met an application
     * @param answer within which it says whether a lease is still held
     */
    public record Times(Duration ttl, Duration renewal, Duration start, Duration answer) {

        /** Thawed 10 s after the last renewal; renewed every 2 s. */
        public static Times defaults() {
            return new Times(
                    Duration.ofSeconds(10), Duration.ofSeconds(2), Duration.ofSeconds(15), Duration.ofSeconds(2));
        }
    }

    private WatchdogLink(Processes.Piped watchdog, TimeSource time, Times times) {
        this.watchdog = watchdog;
        this.input = new PrintStream(watchdog.input(), true, StandardCharsets.UTF_8);
        this.time = time;
        this.times = times;
        Thread.ofPlatform().daemon().name("medbackup-watchdog-answers").start(this::listen);
        this.renewing =
                Thread.ofPlatform().daemon().name("medbackup-watchdog-renewals").start(this::renew);
    }

    /**
     * Starts a watchdog, in a process group of its own, and waits until it is ready.
     *
     * @param command runs {@link Watchdog#guard} on its standard input and output
     * @throws BackupException with {@link ErrorCode#WATCHDOG_UNAVAILABLE}
     */
    public static WatchdogLink start(Processes processes, Command command, TimeSource time, Times times) {
        Processes.Piped started;
        try {
            started = processes.pipe(command.inOwnGroup());
        } catch (BackupException impossible) {
            throw ErrorCode.WATCHDOG_UNAVAILABLE.because("it cannot be started", impossible);
        }
        var link = new WatchdogLink(started, time, times);
        if (!Boolean.TRUE.equals(await(link.ready, times.start()))) {
            link.close();
            throw ErrorCode.WATCHDOG_UNAVAILABLE.because("it does not become ready");
        }
        return link;
    }

    /** Null when it does not come in time. */
    private static <T> @Nullable T await(CompletableFuture<T> answer, Duration limit) {
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException none) {
            return null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private void listen() {
        try (var lines = new BufferedReader(new InputStreamReader(watchdog.output(), StandardCharsets.UTF_8))) {
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                Line line = Line.parse(text);
                if (line != null) {
                    hear(line);
                } else if (text.equals(WatchdogProtocol.READY)) {
                    ready.complete(true);
                }
            }
        } catch (IOException broken) {
            // As good as its end.
        } finally {
            dead = true;
            ready.complete(false);
            asked.values().forEach(each -> each.complete(Verb.NO));
        }
    }

    private void hear(Line line) {
        if (line.verb() == Verb.THAWED) {
            thawed.add(line.id());
            held.remove(line.id());
            return;
        }
        CompletableFuture<Verb> question = asked.remove(line.id());
        if (question != null) {
            question.complete(line.verb());
        }
    }

    private void renew() {
        try {
            while (isAlive()) {
                time.sleep(times.renewal());
                held.forEach(id -> say(Verb.RENEW, id, ""));
            }
        } catch (BackupException closed) {
            // Only an interrupt ends the wait early, and only close() interrupts.
        }
    }

    private synchronized void say(Verb verb, String id, String rest) {
        input.println(new Line(verb, id, rest));
        dead |= input.checkError();
    }

    private @Nullable Verb ask(Verb verb, String id, String rest, Duration limit) {
        var answer = new CompletableFuture<Verb>();
        asked.put(id, answer);
        say(verb, id, rest);
        Verb said = isAlive() ? await(answer, limit) : null;
        asked.remove(id);
        return said;
    }

    /** Whether the watchdog lives. */
    public boolean isAlive() {
        return !dead && watchdog.isAlive();
    }

    /** Process id of the watchdog. */
    public long pid() {
        return watchdog.pid();
    }

    /**
     * Leases a freeze that is about to be attempted.
     *
     * @throws BackupException with {@link ErrorCode#WATCHDOG_UNAVAILABLE} when the watchdog is dead or mute or cannot reach
     *     the application
     */
    void take(String id, String entry, Frozen frozen) {
        Verb said = ask(Verb.LEASE, id, new Order(times.ttl(), entry, frozen).encoded(), times.start());
        if (said != Verb.HELD) {
            end(id);
            throw ErrorCode.WATCHDOG_UNAVAILABLE.because(
                    said == Verb.REFUSED ? "it cannot reach the application" : "it does not answer");
        }
        held.add(id);
    }

    /** Whether the watchdog lives and has thawed nothing. */
    boolean holds(String id) {
        return held.contains(id) && ask(Verb.MINE, id, "", times.answer()) == Verb.YES;
    }

    /** Whether the watchdog has said that it thawed. */
    boolean hasThawed(String id) {
        return thawed.contains(id);
    }

    /** The application has said that it is not frozen. */
    void end(String id) {
        held.remove(id);
        say(Verb.END, id, "");
    }

    /** Lets the watchdog go. It ends by itself, after it has thawed what is leased still. */
    @Override
    public void close() {
        renewing.interrupt();
        boolean working = !held.isEmpty();
        input.close();
        if (!working && !watchdog.await(times.answer())) {
            watchdog.close();
        }
    }
}
