package org.medbackup.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names of users and groups as the name service of this machine knows them (files, LDAP, SSSD). Answers are kept for the
 * life of the object. Safe for use by several threads.
 */
public final class Accounts {

    private static final int ROOM = 16 * 1024;

    private final Map<Integer, String> users = new ConcurrentHashMap<>();
    private final Map<Integer, String> groups = new ConcurrentHashMap<>();

    /** Nothing is looked up yet. */
    public Accounts() {}

    /** A user's name, empty where there is none. */
    public String user(int uid) {
        return users.computeIfAbsent(uid, id -> look(Libc.GETPWUID, id));
    }

    /** A group's name, empty where there is none. */
    public String group(int gid) {
        return groups.computeIfAbsent(gid, id -> look(Libc.GETGRGID, id));
    }

    /** The effective user id of this process. */
    public static int self() {
        try {
            return (int) Libc.GETEUID.invokeExact(Native.get().state);
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    private static String look(MethodHandle call, int id) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = arena.allocate(128, 8);
            MemorySegment texts = arena.allocate(ROOM);
            MemorySegment found = arena.allocate(ADDRESS);
            int result = (int) call.invokeExact(Native.get().state, id, entry, texts, (long) ROOM, found);
            if (result != 0 || found.get(ADDRESS, 0).address() == 0) {
                return "";
            }
            // Both structures begin with the pointer to the name, which lies within the given room.
            MemorySegment name = entry.get(ADDRESS, 0).reinterpret(ROOM);
            int length = 0;
            while (name.get(JAVA_BYTE, length) != 0) {
                length++;
            }
            return new String(name.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }
}
