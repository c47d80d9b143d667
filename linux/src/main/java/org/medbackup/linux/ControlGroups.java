package org.medbackup.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The files by which the kernel is told of control groups; a test has a kernel of its own. */
interface ControlGroups {

    /** What {@code /proc/PID/cgroup} says of a process. */
    String of(long process) throws IOException;

    /** Makes a group. */
    void make(Path group) throws IOException;

    /** Removes a group, which is refused while something is in it. */
    void remove(Path group) throws IOException;

    String read(Path file) throws IOException;

    /** Writes a file that is there. */
    void write(Path file, String text) throws IOException;

    /** The names of the groups in a group. */
    Iterable<String> in(Path group) throws IOException;

    boolean isAlive(long process);

    /** Whether a service manager owns all groups, and marks those that it has given away. */
    boolean hasServiceManager();

    /** Whether the service manager has marked a group as delegated. */
    boolean isMarked(Path group);

    boolean isWritable(Path group);

    /** Those of this machine. */
    static ControlGroups system() {
        return new ControlGroups() {

            @Override
            public String of(long process) throws IOException {
                return Files.readString(Path.of("/proc/" + process + "/cgroup"));
            }

            @Override
            public void make(Path group) throws IOException {
                Files.createDirectory(group);
            }

            @Override
            public void remove(Path group) throws IOException {
                Files.delete(group);
            }

            @Override
            public String read(Path file) throws IOException {
                return Files.readString(file);
            }

            @Override
            public void write(Path file, String text) throws IOException {
                Files.writeString(file, text, StandardOpenOption.WRITE);
            }

            @Override
            public Iterable<String> in(Path group) throws IOException {
                try (var files = Files.list(group)) {
                    return files.filter(Files::isDirectory)
                            .map(file -> file.getFileName().toString())
                            .toList();
                }
            }

            @Override
            public boolean isAlive(long process) {
                return ProcessHandle.of(process).isPresent();
            }

            @Override
            public boolean hasServiceManager() {
                return Files.exists(Path.of("/run/systemd/system"));
            }

            @Override
            public boolean isMarked(Path group) {
                try (Fd open = Fd.CWD.open(group.toString().getBytes(UTF_8), Fd.READ | Fd.FOLDER)) {
                    return ExtendedAttributes.of(open).entrySet().stream()
                            .anyMatch(attribute -> attribute.getKey().endsWith(".delegate")
                                    && new String(attribute.getValue(), UTF_8).equals("1"));
                } catch (LinuxException unreadable) {
                    return false;
                }
            }

            @Override
            public boolean isWritable(Path group) {
                return Files.isWritable(group);
            }
        };
    }
}
