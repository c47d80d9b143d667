package org.medbackup.core.spi.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application.Readiness;

/**
 * The restored folders of a service that is not started here: whether they are all there. The service's own checks are
 * its administrator's. Safe for use by several threads.
 */
public final class FolderRecovery implements ApplicationRecovery {

    /** Starts nothing. */
    public FolderRecovery() {}

    /** Nothing is started. */
    @Override
    public boolean worksApart() {
        return true;
    }

    @Override
    public boolean replays() {
        return false;
    }

    @Override
    public Recovered start(RestoredFiles files, Deadline deadline) {
        if (!(files.target() instanceof RecoveryTarget.BackupEnd)) {
            throw ErrorCode.USAGE.because("a service of folders has no log, so it is restored as it was backed up");
        }
        return new Lying(files);
    }

    /** Folders that lie where they were restored to. */
    private record Lying(RestoredFiles files) implements Recovered {

        @Override
        public String address() {
            return files.root().toUri().toString();
        }

        @Override
        public Reached reached() {
            return new Reached(null, files.evidence().getOrDefault("application.position", "as backed up"));
        }

        @Override
        public List<Readiness> verify(Deadline deadline) {
            List<Path> folders = ServiceFolders.of(files.evidence());
            long missing = folders.stream()
                    .map(folder -> files.root().resolve(Path.of("/").relativize(folder)))
                    .filter(folder -> !Files.isDirectory(folder))
                    .count();
            boolean ok = missing == 0 && !folders.isEmpty();
            return List.of(new Readiness(
                    "restored_folders",
                    ok,
                    folders.size() - missing + " of " + folders.size() + " folders",
                    ok ? "" : "Restore again; do not start the service on this copy"));
        }

        @Override
        public void close() {}
    }
}
