package org.medbackup.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.medbackup.anomaly.Judge;
import org.medbackup.anomaly.PastRun;
import org.medbackup.core.HostSeal;
import org.medbackup.core.content.SourceSigns;
import org.medbackup.core.error.ErrorCode;

/**
 * What the last runs of each source measured, in a sealed file of the state folder for each; a copy of what stands in the
 * manifests, so that not all of them are read for each backup, and that may be lost.
 */
final class AnomalyHistory {

    static final String PURPOSE = "medbackup anomaly v1";

    /** What a suspicion takes out of the window must not leave it short. */
    private static final int MOST = 2 * Judge.WINDOW;

    private final Path folder;
    private final HostSeal seal;

    /**
     * In a state folder.
     *
     * @param seal for {@link #PURPOSE}
     */
    AnomalyHistory(Path state, HostSeal seal) {
        this.folder = state.resolve("anomaly");
        this.seal = seal;
    }

    /** How it stands with the restore point of a run. */
    enum Standing {
        CLEAN,
        SUSPECT,
        CLEARED
    }

    /** A run. */
    record Run(String snapshot, Standing standing, SourceSigns signs) {}

    /** The runs of a source of a repository, oldest first; empty where nothing can be read of it. */
    Optional<List<Run>> read(String repository, String source) {
        String name = seal.name(repository, source);
        try {
            String text = new String(seal.open(name, Files.readAllBytes(folder.resolve(name))), StandardCharsets.UTF_8);
            var runs = new ArrayList<Run>();
            for (String line : text.lines().toList()) {
                String[] parts = line.split(" ", 3);
                SourceSigns signs = SourceSigns.parse(parts[2]).orElseThrow();
                runs.add(new Run(parts[0], Standing.valueOf(parts[1]), signs));
            }
            return Optional.of(runs);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException | GeneralSecurityException | RuntimeException damaged) {
            // It is made anew from the manifests.
            return Optional.empty();
        }
    }

    /** Keeps the last ones of a source's runs. */
    void write(String repository, String source, List<Run> runs) {
        var text = new StringBuilder();
        for (Run each : runs.subList(Math.max(0, runs.size() - MOST), runs.size())) {
            text.append(each.snapshot()).append(' ').append(each.standing()).append(' ');
            text.append(each.signs().text()).append('\n');
        }
        String name = seal.name(repository, source);
        try {
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(folder, owner);
            Path draft = Files.createTempFile(folder, ".draft-", "");
            Files.write(draft, seal.seal(name, text.toString().getBytes(StandardCharsets.UTF_8)));
            Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw ErrorCode.STATE_UNUSABLE
                    .because("what the last backups measured cannot be kept", failed)
                    .with("state", folder);
        }
    }

    /** Those that a run is held against. */
    static List<PastRun> past(List<Run> runs) {
        return runs.stream()
                .filter(each -> each.standing() != Standing.SUSPECT)
                .map(each -> new PastRun(each.signs(), each.standing() == Standing.CLEARED))
                .toList();
    }
}
