package org.medbackup.postgres;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.process.Processes;

/**
 * Where packages put PostgreSQL.
 *
 * @param roots pairs of a folder and a pattern of the version folders in it
 * @param path the folders of the PATH
 */
record InstalledPrograms(List<Root> roots, List<Path> path, Processes processes) {

    record Root(Path folder, String versions) {}

    static InstalledPrograms ofThisMachine(Processes processes) {
        String path = System.getenv().getOrDefault("PATH", "");
        return new InstalledPrograms(
                List.of(
                        // Debian and Ubuntu; then the PostgreSQL project's packages for RHEL and SUSE
                        new Root(Path.of("/usr/lib/postgresql"), "*"), new Root(Path.of("/usr"), "pgsql-*")),
                List.of(path.split(":")).stream()
                        .filter(folder -> folder.startsWith("/"))
                        .map(Path::of)
                        .toList(),
                processes);
    }

    List<PostgresInstallation> all() {
        List<PostgresInstallation> found = new ArrayList<>();
        for (Path bin : folders()) {
            try {
                found.add(PostgresInstallation.at(bin, processes));
            } catch (BackupException notOne) {
                // A broken installation is none; the search goes on.
            }
        }
        found.sort(Comparator.comparingInt(PostgresInstallation::major).reversed());
        return found;
    }

    private Set<Path> folders() {
        Set<Path> folders = new LinkedHashSet<>();
        for (Root root : roots) {
            try (DirectoryStream<Path> versions = Files.newDirectoryStream(root.folder(), root.versions())) {
                versions.forEach(version -> addIfServer(version.resolve("bin"), folders));
            } catch (IOException | DirectoryIteratorException absent) {
                // No such folder, or one that we may not list: nothing is installed there for us.
            }
        }
        path.forEach(folder -> addIfServer(folder, folders));
        return folders;
    }

    private static void addIfServer(Path bin, Set<Path> folders) {
        Path server = bin.resolve("postgres");
        if (!Files.isExecutable(server)) {
            return;
        }
        try {
            // Some machines link the programs from a folder of the PATH: that is the same installation again.
            Path home = server.toRealPath().getParent();
            folders.add(home == null ? bin : home);
        } catch (IOException gone) {
            folders.add(bin);
        }
    }
}
