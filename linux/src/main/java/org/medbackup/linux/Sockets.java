package org.medbackup.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the kernel counts for the sockets of this process (tcp(7), TCP_INFO; socket(7)). */
public final class Sockets {

    private static final int SOL_SOCKET = 1;
    private static final int SO_COOKIE = 57;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;
    // struct tcp_info of linux/tcp.h, which only ever grows; both since Linux 4.1.
    private static final int BYTES_ACKED = 120;
    private static final int BYTES_RECEIVED = 128;
    private static final int NEEDED = BYTES_RECEIVED + Long.BYTES;

    private Sockets() {}

    /**
     * The traffic of a TCP connection since it began, with what TLS and protocols add, without what was sent twice.
     *
     * @param socket a number that no other socket of this boot has
     * @param acknowledged bytes that have arrived at the other end
     * @param received bytes that came from there
     */
    public record Traffic(long socket, long acknowledged, long received) {}

    /** The TCP connections that are open now. */
    public static List<Traffic> tcp() {
        List<Traffic> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"));
                Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(NEEDED, Long.BYTES);
            MemorySegment length = arena.allocate(JAVA_INT);
            for (Path file : files.toList()) {
                int number = Integer.parseInt(file.getFileName().toString());
                if (get(number, IPPROTO_TCP, TCP_INFO, value, length) == NEEDED) {
                    long acknowledged = value.get(JAVA_LONG, BYTES_ACKED);
                    long received = value.get(JAVA_LONG, BYTES_RECEIVED);
                    if (get(number, SOL_SOCKET, SO_COOKIE, value, length) == Long.BYTES) {
                        found.add(new Traffic(value.get(JAVA_LONG, 0), acknowledged, received));
                    }
                }
            }
        } catch (IOException failed) {
            throw new LinuxException("readdir", Errno.EIO.number());
        }
        return found;
    }

    /** How many bytes the value has; 0 where it has none, as of anything but a socket. */
    private static int get(int file, int level, int name, MemorySegment value, MemorySegment length) {
        try {
            length.set(JAVA_INT, 0, (int) value.byteSize());
            int result = (int) Libc.GETSOCKOPT.invokeExact(Native.get().state, file, level, name, value, length);
            return result == 0 ? length.get(JAVA_INT, 0) : 0;
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }
}
