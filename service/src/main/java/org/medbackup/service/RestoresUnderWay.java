package org.medbackup.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.EventSink;

/**
 * Restores in earnest that go on on this host, in whichever process: a process with one has a file that is named by its number.
 * A drill gives way to them. Safe for use by several threads.
 */
final class RestoresUnderWay implements EventSink {

    private static final Set<String> RESTORES = Set.of("restore", "app-restore");
    private static final String ENDING = ".restore";

    private final Path folder;
    private final Path own;
    private final Set<String> operations = new HashSet<>();

    /** Those of a state folder. */
    RestoresUnderWay(Path state) {
        this.folder = state.resolve(ControlSocket.FOLDER);
        this.own = folder.resolve(ProcessHandle.current().pid() + ENDING);
    }

    @Override
    public synchronized void accept(BackupEvent event) {
        switch (event) {
            case BackupEvent.Started started
            when RESTORES.contains(started.action()) -> {
                operations.add(started.operation());
                mark();
            }
            case BackupEvent.Ended ended when operations.remove(ended.operation()) && operations.isEmpty() -> unmark();
            default -> {}
        }
    }

    private void mark() {
        try {
            Files.createDirectories(folder);
            if (Files.notExists(own)) {
                Files.createFile(own);
            }
        } catch (IOException unmarked) {
            // A restore is worth more than that a drill gives way to it.
            return;
        }
    }

    private void unmark() {
        try {
            Files.deleteIfExists(own);
        } catch (IOException left) {
            // It counts for as long as this process lives.
            return;
        }
    }

    /** Whether one goes on now. */
    boolean isAny() {
        return marks().stream().anyMatch(RestoresUnderWay::isAlive);
    }

    private List<Path> marks() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(each -> each.getFileName().toString().matches("\\d{1,18}\\" + ENDING))
                    .toList();
        } catch (IOException none) {
            return List.of();
        }
    }

    private static boolean isAlive(Path mark) {
        String name = mark.getFileName().toString();
        long process = Long.parseLong(name.substring(0, name.length() - ENDING.length()));
        if (ProcessHandle.of(process).isPresent()) {
            return true;
        }
        try {
            // What a killed process left behind.
            Files.deleteIfExists(mark);
        } catch (IOException best) {
            return false;
        }
        return false;
    }
}
