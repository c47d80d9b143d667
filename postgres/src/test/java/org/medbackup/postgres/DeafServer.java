package org.medbackup.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

/** A server that comes up and then heeds no signal but the last one. */
final class DeafServer implements Processes, Processes.Running {

    private final Path dataFolder;
    private final List<String> signals = new ArrayList<>();
    private boolean alive = true;

    DeafServer(Path dataFolder) throws IOException {
        this.dataFolder = Files.createDirectories(dataFolder);
    }

    Path dataFolder() {
        return dataFolder;
    }

    List<String> signals() {
        return signals;
    }

    @Override
    public Completed run(Command command) {
        int kill = command.arguments().indexOf("kill");
        signals.add(command.arguments().get(kill + 1));
        return new Completed(0, "", "", false);
    }

    @Override
    public Running start(Command command) {
        try {
            Files.writeString(dataFolder.resolve("postmaster.pid"), "4711\n/\n0\n5432\n/\n\n1 2\nready\n");
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
        return this;
    }

    @Override
    public long pid() {
        return 4711;
    }

    @Override
    public boolean isAlive() {
        return alive;
    }

    @Override
    public boolean await(Duration limit) {
        return false;
    }

    @Override
    public void close() {
        alive = false;
    }
}
