package org.medbackup.linux.sandbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

/**
 * Programs in namespaces of their own (namespaces(7)): a network with nothing but its own loopback, processes that see only each
 * other, and empty {@code /tmp}, {@code /run} and {@code /dev/shm}, where the sockets and the shared memory of this machine's
 * servers lie. All programs of one sandbox reach each other; nothing outside reaches them and they reach nothing outside, but
 * files. Sockets that are files elsewhere than in those folders stay visible, as files do.
 *
 * <p>The kernel kills all that is in it when its first process ends, and that one ends when a pipe of ours does: also when this
 * process is killed. Works as root, and for others where the kernel lets them have user namespaces. Needs the programs
 * {@code unshare}, {@code nsenter}, {@code ip}, {@code mount} and {@code env}. Safe for use by several threads.
 */
public final class NamespaceSandbox implements Processes, AutoCloseable {

    private static final Duration END = Duration.ofSeconds(20);
    private static final int NO_IP = 91;
    private static final int NO_MOUNTS = 92;

    /** Arguments are the paths that stay visible below the folders that are hidden; those are held in {@code /run} for them. */
    private static final String SCRIPT = """
            command -v ip >/dev/null || exit 91
            ip link set lo up || exit 93
            umask 022
            mount -t tmpfs -o mode=755,size=16m tmpfs /run && mkdir /run/old || exit 92
            for hidden in /tmp /dev/shm; do
              [ -d $hidden ] || continue
              mkdir -p /run/old$hidden && mount --rbind $hidden /run/old$hidden &&
              mount -t tmpfs -o mode=1777 tmpfs $hidden || exit 92
            done
            for each; do
              mkdir -p "$each" && mount --rbind "/run/old$each" "$each" || exit 92
            done
            for hidden in /tmp /dev/shm; do
              [ ! -d /run/old$hidden ] || umount -l /run/old$hidden || exit 92
            done
            rm -d /run/old/dev/shm /run/old/dev /run/old/tmp /run/old 2>/dev/null
            echo ready && exec cat
            """;

    private static final List<Path> HIDDEN = List.of(Path.of("/tmp"), Path.of("/dev/shm"));

    private final Processes outside;
    private final Piped holder;
    private final List<String> entry;
    private final long first;
    private final String namespace;

    private NamespaceSandbox(Processes outside, Piped holder, boolean root) {
        this.outside = outside;
        this.holder = holder;
        this.first = child(holder.pid())
                .orElseThrow(() -> unavailable("its first process ended at once"))
                .pid();
        this.namespace = Namespaces.of(first);
        List<String> words = new ArrayList<>(
                List.of("nsenter", "--target", Long.toString(first), "--net", "--mount", "--pid", "--ipc"));
        if (!root) {
            words.addAll(List.of("--user", "--preserve-credentials"));
        }
        words.add("--");
        this.entry = List.copyOf(words);
    }

    /**
     * Why there can be no sandbox on this machine; empty where there can.
     *
     * @param outside this machine's processes
     */
    public static Optional<String> obstacle(Processes outside) {
        try {
            open(outside, List.of()).close();
            return Optional.empty();
        } catch (BackupException none) {
            return Optional.of(String.valueOf(none.getMessage())
                    .substring(none.code().title().length() + 2));
        }
    }

    /**
     * Makes one. Nothing runs in it yet but the process that holds it.
     *
     * @param outside this machine's processes
     * @param shown folders that stay visible where they lie below {@code /tmp} or {@code /dev/shm}
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#SANDBOX_UNAVAILABLE}
     */
    public static NamespaceSandbox open(Processes outside, List<Path> shown) {
        return open(outside, shown, Namespaces.isRoot());
    }

    static NamespaceSandbox open(Processes outside, List<Path> shown, boolean root) {
        List<String> words = new ArrayList<>(List.of("unshare"));
        if (!root) {
            words.addAll(List.of("--user", "--map-current-user", "--keep-caps"));
        }
        words.addAll(List.of("--net", "--mount", "--pid", "--ipc", "--fork", "--kill-child", "--mount-proc", "--"));
        words.addAll(List.of("sh", "-c", SCRIPT, "sandbox"));
        words.addAll(below(shown));
        Piped holder;
        try {
            holder = outside.pipe(Command.of(words).in(Path.of("/")));
        } catch (BackupException missing) {
            throw ErrorCode.SANDBOX_UNAVAILABLE.because("the program unshare cannot be run", missing);
        }
        try {
            awaitReady(holder);
            return new NamespaceSandbox(outside, holder, root);
        } catch (BackupException failed) {
            holder.close();
            throw failed;
        }
    }

    /** What lies in folders that are hidden. */
    private static List<String> below(List<Path> shown) {
        List<String> below = new ArrayList<>();
        for (Path each : shown) {
            Path real = real(each);
            if (real.startsWith("/run")) {
                throw unavailable("a folder that has to be visible in it lies in /run");
            }
            if (HIDDEN.stream().anyMatch(hidden -> real.startsWith(hidden) && !real.equals(hidden))) {
                below.add(real.toString());
            }
        }
        return below;
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException absent) {
            throw ErrorCode.SANDBOX_UNAVAILABLE.because("a folder that has to be visible in it is not there", absent);
        }
    }

    private static void awaitReady(Piped holder) {
        try {
            String line = new BufferedReader(new InputStreamReader(holder.output(), StandardCharsets.UTF_8)).readLine();
            if ("ready".equals(line)) {
                return;
            }
        } catch (IOException broken) {
            throw ErrorCode.SANDBOX_UNAVAILABLE.because("its first process does not answer", broken);
        }
        holder.await(END);
        throw unavailable(
                switch (holder.exitCode()) {
                    case NO_IP -> "the program ip is not installed";
                    case NO_MOUNTS -> "its own /tmp and /run cannot be made";
                    default -> "the kernel or its administrator does not allow namespaces here";
                });
    }

    private static BackupException unavailable(String why) {
        return ErrorCode.SANDBOX_UNAVAILABLE.because(why);
    }

    private static Optional<ProcessHandle> child(long process) {
        return ProcessHandle.of(process).stream()
                .flatMap(ProcessHandle::children)
                .findFirst();
    }

    /** The process outside that holds it; when it ends all that is in it is killed. */
    public long holder() {
        return holder.pid();
    }

    /** How many processes there are in it, without the one that it begins with. */
    public int programs() {
        return (int) Namespaces.members(namespace).stream()
                .filter(each -> each != first)
                .count();
    }

    /** The words of a command that is run in it. Other namespaces have other folders: it is gone to when it is there. */
    private Command entering(Command command) {
        Path folder = command.directory();
        List<String> words = new ArrayList<>(entry);
        if (folder != null) {
            words.addAll(List.of("env", "--chdir=" + folder.toAbsolutePath()));
        }
        return command.in(Path.of("/")).prefixed(words);
    }

    @Override
    public Completed run(Command command) {
        return outside.run(entering(command));
    }

    @Override
    public Running start(Command command) {
        Running outer = outside.start(entering(command));
        return new Inside(outer, inner(outer));
    }

    @Override
    public Piped pipe(Command command) {
        Piped outer = outside.pipe(entering(command));
        return new Partner(new Inside(outer, inner(outer)), outer);
    }

    /** Kills all that is in it, and comes back when nothing of it is left. Idempotent. */
    @Override
    public void close() {
        try {
            holder.input().close();
        } catch (IOException gone) {
            // It has ended already.
        }
        holder.await(END);
        holder.close();
    }

    /** The id that a program has inside: {@code nsenter} starts it as its child, which takes a moment. */
    private static long inner(Running outer) {
        while (outer.isAlive()) {
            long found =
                    child(outer.pid()).map(each -> Namespaces.inner(each.pid())).orElse(0L);
            if (found > 0) {
                return found;
            }
            Thread.onSpinWait();
        }
        return -1;
    }

    /** A program inside, by its id inside. */
    private record Inside(Running outer, long pid) implements Running {

        @Override
        public boolean isAlive() {
            return outer.isAlive();
        }

        @Override
        public boolean await(Duration limit) {
            return outer.await(limit);
        }

        @Override
        public int exitCode() {
            return outer.exitCode();
        }

        @Override
        public void close() {
            outer.close();
        }
    }

    /** One that is talked with. */
    private record Partner(Inside inside, Piped outer) implements Piped {

        @Override
        public OutputStream input() {
            return outer.input();
        }

        @Override
        public InputStream output() {
            return outer.output();
        }

        @Override
        public long pid() {
            return inside.pid();
        }

        @Override
        public boolean isAlive() {
            return inside.isAlive();
        }

        @Override
        public boolean await(Duration limit) {
            return inside.await(limit);
        }

        @Override
        public int exitCode() {
            return inside.exitCode();
        }

        @Override
        public void close() {
            inside.close();
        }
    }
}
