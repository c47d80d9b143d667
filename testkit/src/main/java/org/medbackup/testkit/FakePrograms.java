package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

/**
 * Programs of a folder that stand for those of the same name; every other program is the real one. Remembers the calls.
 * Safe for use by several threads.
 */
public final class FakePrograms implements Processes {

    private final Path folder;
    private final List<List<String>> calls = new ArrayList<>();

    /**
     * Programs of a folder.
     *
     * @param folder is made where it is not there
     */
    public FakePrograms(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Puts a shell script in the place of a program. */
    public Path script(String name, String body) {
        try {
            Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + body);
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Takes a program away: it is then the real one, or none. */
    public void remove(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The arguments of all calls of a program, without its name, in their order. */
    public synchronized List<String> calls(String program) {
        return calls.stream()
                .filter(call -> call.getFirst().equals(program))
                .map(call -> String.join(" ", call.subList(1, call.size())))
                .toList();
    }

    private Command replaced(Command command) {
        synchronized (this) {
            var call = new ArrayList<>(command.arguments());
            call.set(0, command.program());
            calls.add(call);
        }
        Path fake = folder.resolve(command.program());
        if (!Files.exists(fake)) {
            return command;
        }
        List<String> arguments = new ArrayList<>(command.arguments());
        arguments.set(0, fake.toString());
        return new Command(arguments, command.environment(), command.directory(), command.timeout(), command.output());
    }

    @Override
    public Completed run(Command command) {
        return Processes.system().run(replaced(command));
    }

    @Override
    public Running start(Command command) {
        return Processes.system().start(replaced(command));
    }

    /** Fails unless a program was called with arguments that contain a text. */
    public void assertCalled(String program, String text) {
        assertThat(calls(program)).as(program).anyMatch(call -> call.contains(text));
    }
}
