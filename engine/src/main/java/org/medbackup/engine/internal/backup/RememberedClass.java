package org.medbackup.engine.internal.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.medbackup.core.spi.place.PlacementPolicy;

/**
 * How sensitive the data of a source is, as this machine remembers it beside the memory of its last run: a run places what is new
 * alone. A word of the policy's own; it tells no name. It only grows as long as runs go on from one another.
 *
 * @param memory file of the memory of runs
 */
record RememberedClass(Path memory) {

    private static final int LONGEST = 64;

    private Path file() {
        return memory.resolveSibling(memory.getFileName() + ".class");
    }

    /**
     * That of the backup that ends now; empty where nobody can tell, since what it goes on from was made when nobody asked.
     *
     * @param policy by which it was placed
     * @param goesOn whether it went on from a run before
     */
    String with(PlacementPolicy policy, boolean goesOn) {
        String before = goesOn ? read() : "";
        if (goesOn && before.isEmpty()) {
            return "";
        }
        String now = policy.sensitivity(before);
        if (!now.isEmpty() && !now.equals(before)) {
            write(now);
        }
        return now;
    }

    private String read() {
        try {
            byte[] bytes = Files.readAllBytes(file());
            return bytes.length > LONGEST ? "" : new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException none) {
            return "";
        }
    }

    /** What cannot be kept is unknown the next time, and fails nothing now. */
    private void write(String word) {
        try {
            Files.createDirectories(memory.toAbsolutePath().getParent());
            Path draft = file().resolveSibling(file().getFileName() + ".new");
            Files.writeString(draft, word);
            Files.move(draft, file(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            return;
        }
    }
}
