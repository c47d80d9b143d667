package org.medbackup.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A small server that writes all the time, unless it is frozen: it stays frozen when whoever froze it is gone. Speaks
 * lines over loopback TCP: {@code STATUS}, {@code FREEZE}, {@code THAW}, each answered with {@code frozen} or
 * {@code writing}, {@code LIFE}, answered with how often it was started, {@code BYE}; or {@code failed}. Where a password
 * is required it stands behind the word. Closing stops it.
 */
public final class FreezableServer implements AutoCloseable {

    private final ServerSocket socket;
    private final Path data;
    private final Runnable work;
    private volatile boolean running = true;
    private volatile boolean frozen;
    private volatile boolean dropping;
    private volatile long writes;
    private volatile long frozenAt;
    private volatile long longest;
    private volatile int life = 1;
    private volatile boolean refusing;
    private int failingThaws;
    private int farewells;
    private volatile String password = "";

    /** Starts one that keeps its data in a folder. */
    public FreezableServer(Path folder) throws IOException {
        this(folder, () -> {});
    }

    /**
     * Starts one that does more at each write, which a freeze waits for.
     *
     * @param work is done while nobody can freeze it; where it fails nothing is written any more
     */
    public FreezableServer(Path folder, Runnable work) throws IOException {
        this.work = work;
        this.data = Files.createDirectories(folder).resolve("count");
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Files.writeString(data, "0");
        Thread.ofPlatform().daemon().name("freezable-writer").start(this::write);
        Thread.ofVirtual().start(this::accept);
    }

    /** Its address as an application. */
    public String address() {
        return "freezable://127.0.0.1:" + socket.getLocalPort() + data.getParent();
    }

    public boolean isFrozen() {
        return frozen;
    }

    /** How often it has written. */
    public long writes() {
        return writes;
    }

    /** The longest time between a freeze and its thaw so far. */
    public Duration longestFreeze() {
        return Duration.ofNanos(longest);
    }

    /** The next thaws fail. */
    public synchronized void failThaws(int count) {
        failingThaws = count;
    }

    /** Ends and starts again, as after a crash: it writes then. */
    public synchronized void restart() {
        life++;
        frozen = false;
    }

    /** How often somebody has said that it goes. */
    public synchronized int farewells() {
        return farewells;
    }

    /** Whether nobody can go in order. */
    public void refuseFarewells(boolean refuse) {
        refusing = refuse;
    }

    /** From now on every word needs it, with a blank between. */
    public void require(String secret) {
        password = secret;
    }

    /** Whether connections are cut as soon as something is said. */
    public void dropConnections(boolean drop) {
        dropping = drop;
    }

    private void write() {
        while (running) {
            LockSupport.parkNanos(1_000_000);
            synchronized (this) {
                if (running && !frozen) {
                    work.run();
                    writes++;
                }
            }
        }
    }

    private void accept() {
        while (running) {
            try {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
                var out = new PrintStream(client.getOutputStream(), true, StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null && !dropping; line = in.readLine()) {
                String[] words = line.split(" ", 2);
                out.println((words.length < 2 ? "" : words[1]).equals(password) ? obey(words[0]) : "failed");
            }
        } catch (IOException gone) {
            // Its state stays as it is.
        }
    }

    private synchronized String obey(String line) throws IOException {
        switch (line) {
            case "FREEZE" -> {
                if (!frozen) {
                    frozenAt = System.nanoTime();
                    Files.writeString(data, Long.toString(writes));
                }
                frozen = true;
            }
            case "THAW" -> {
                if (failingThaws > 0) {
                    failingThaws--;
                    return "failed";
                }
                if (frozen) {
                    longest = Math.max(longest, System.nanoTime() - frozenAt);
                }
                frozen = false;
            }
            case "LIFE" -> {
                return Integer.toString(life);
            }
            case "BYE" -> {
                farewells++;
                return refusing ? "failed" : "bye";
            }
            default -> {
                // Only asks.
            }
        }
        return frozen ? "frozen" : "writing";
    }

    @Override
    public void close() {
        synchronized (this) {
            // A write that is in hand comes to its end.
            running = false;
        }
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
