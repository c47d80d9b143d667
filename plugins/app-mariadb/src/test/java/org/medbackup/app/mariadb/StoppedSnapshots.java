package org.medbackup.app.mariadb;

import java.nio.file.Path;
import java.util.List;
import org.medbackup.core.Deadline;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;

/** Stands for snapshots of a file system: the server's process is stopped while its folder is copied. */
record StoppedSnapshots(TestServer server) implements FileSystemSnapshots {

    @Override
    public Ability probe(List<Path> folders) {
        return new Ability("stopped", true, "");
    }

    @Override
    public Taken take(List<Path> folders, String run, Deadline deadline) {
        Path copy = server.folder().resolve("snapshot-" + run);
        server.signal("STOP");
        try {
            TestServer.run("cp", "-a", folders.getFirst().toString(), copy.toString());
        } finally {
            server.signal("CONT");
        }
        return new Taken() {
            @Override
            public String kind() {
                return "stopped";
            }

            @Override
            public Path at(Path original) {
                return copy.resolve(folders.getFirst().relativize(original).toString())
                        .normalize();
            }

            @Override
            public void close() {
                TestServer.run("rm", "-rf", copy.toString());
            }
        };
    }

    @Override
    public int removeLeftovers(List<Path> folders, String run, Deadline deadline) {
        return 0;
    }
}
