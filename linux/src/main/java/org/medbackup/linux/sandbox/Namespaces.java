package org.medbackup.linux.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the kernel tells of processes and their namespaces (proc(5)). */
final class Namespaces {

    private static final Path PROC = Path.of("/proc");

    private Namespaces() {}

    static boolean isRoot() {
        return field("self", "Uid:")
                .map(ids -> ids.split("\\s+")[1].equals("0"))
                .orElse(false);
    }

    /** The id of a process in the innermost namespace that it is in; 0 where it is in ours, or is gone. */
    static long inner(long process) {
        return field(Long.toString(process), "NSpid:")
                .map(ids -> ids.split("\\s+"))
                .filter(ids -> ids.length > 2)
                .map(ids -> Long.parseLong(ids[ids.length - 1]))
                .orElse(0L);
    }

    /** The name of a process's namespace of processes; empty where it is gone. */
    static String of(long process) {
        try {
            return Files.readSymbolicLink(PROC.resolve(process + "/ns/pid")).toString();
        } catch (IOException gone) {
            return "";
        }
    }

    /** The processes in one, as far as we may see them. */
    static List<Long> members(String namespace) {
        try (Stream<Path> all = Files.list(PROC)) {
            return all.map(each -> each.getFileName().toString())
                    .filter(name -> Character.isDigit(name.charAt(0)))
                    .map(Long::parseLong)
                    .filter(each -> !namespace.isEmpty() && of(each).equals(namespace))
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static Optional<String> field(String process, String name) {
        try (Stream<String> lines = Files.lines(PROC.resolve(process + "/status"))) {
            return lines.filter(line -> line.startsWith(name)).findFirst();
        } catch (IOException | java.io.UncheckedIOException gone) {
            return Optional.empty();
        }
    }
}
