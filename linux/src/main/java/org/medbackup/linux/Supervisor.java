package org.medbackup.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who has started this process as a service, and wants to hear how it is: systemd, by the protocol of sd_notify(3). A message
 * is one datagram to the Unix socket that {@code NOTIFY_SOCKET} names, which Java has no sockets for.
 *
 * <p>Safe for use by several threads. Each call fails with a {@link LinuxException} where the message was not taken.
 */
public final class Supervisor {

    private static final short AF_UNIX = 1;
    // SOCK_DGRAM and SOCK_CLOEXEC; the same on x86-64 and aarch64.
    private static final int DATAGRAM = 2 | 0x80000;
    private static final int NO_SIGNAL = 0x4000;
    // struct sockaddr_un (unix(7)): the family, then the name.
    private static final int NAME = 2;
    private static final int LONGEST_NAME = 108;
    private static final int CLOCK_MONOTONIC = 1;
    private static final int LONGEST_STATUS = 500;

    private final byte[] socket;

    private Supervisor(byte[] socket) {
        this.socket = socket;
    }

    /**
     * That of this process.
     *
     * @param notifySocket value of {@code NOTIFY_SOCKET}: a path, or {@code @} and a name without a file; null where it is
     *     not set
     * @return none where nobody wants to hear, or only over a kind of socket that is not known
     */
    public static Optional<Supervisor> of(@Nullable String notifySocket) {
        if (notifySocket == null || !(notifySocket.startsWith("/") || notifySocket.startsWith("@"))) {
            return Optional.empty();
        }
        byte[] name = notifySocket.getBytes(StandardCharsets.UTF_8);
        if (name.length < 2 || name.length >= LONGEST_NAME) {
            return Optional.empty();
        }
        if (name[0] == '@') {
            name[0] = 0;
        }
        return Optional.of(new Supervisor(name));
    }

    /**
     * How often {@link #alive} has to be called, half of the time that is allowed (sd_watchdog_enabled(3)); none where nobody
     * waits for that.
     *
     * @param watchdogMicros value of {@code WATCHDOG_USEC}
     * @param watchdogProcess value of {@code WATCHDOG_PID}
     */
    public static Optional<Duration> beat(@Nullable String watchdogMicros, @Nullable String watchdogProcess) {
        boolean other = watchdogProcess != null
                && !watchdogProcess.equals(Long.toString(ProcessHandle.current().pid()));
        if (other || watchdogMicros == null || !watchdogMicros.matches("[1-9][0-9]{0,17}")) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(Long.parseLong(watchdogMicros) * 500));
    }

    /** The start, or the reading of the configuration anew, is over. */
    public void ready() {
        tell("READY=1");
    }

    /** The configuration is read anew; {@link #ready} follows. */
    public void reloading() {
        tell("RELOADING=1\nMONOTONIC_USEC=" + monotonicMicros());
    }

    /** The end begins. */
    public void stopping() {
        tell("STOPPING=1");
    }

    /** All is well; what is not heard of in time is restarted. */
    public void alive() {
        tell("WATCHDOG=1");
    }

    /** What the service does now, in a line without paths and names of people. */
    public void status(String line) {
        String whole = line.replaceAll("\\p{Cntrl}", " ");
        tell("STATUS=" + whole.substring(0, Math.min(whole.length(), LONGEST_STATUS)));
    }

    private static long monotonicMicros() {
        try {
            Native memory = Native.get();
            MemorySegment time = memory.times;
            memory.check("clock_gettime", (int) Libc.CLOCK_GETTIME.invokeExact(memory.state, CLOCK_MONOTONIC, time));
            return time.get(JAVA_LONG, 0) * 1_000_000 + time.get(JAVA_LONG, Long.BYTES) / 1000;
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    private void tell(String message) {
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(NAME + LONGEST_NAME, 2);
            address.set(JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(socket, 0, address, JAVA_BYTE, NAME, socket.length);
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, text);
            Native memory = Native.get();
            int file = memory.check("socket", (int) Libc.SOCKET.invokeExact(memory.state, (int) AF_UNIX, DATAGRAM, 0));
            try {
                long sent = (long) Libc.SENDTO.invokeExact(
                        memory.state, file, bytes, (long) text.length, NO_SIGNAL, address, NAME + socket.length);
                memory.check("sendto", sent);
            } finally {
                // Nothing is left to be done where this fails.
                int _ = (int) Libc.CLOSE.invokeExact(memory.state, file);
            }
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }
}
