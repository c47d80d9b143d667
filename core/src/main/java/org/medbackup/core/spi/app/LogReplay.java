package org.medbackup.core.spi.app;

import java.util.List;

/**
 * Which log a recovery replays, and from which backup it begins.
 *
 * @param base id of the restore point that it begins from
 * @param timeline which line of history, in the application's own terms
 * @param parts the files it needs
 */
public record LogReplay(String base, String timeline, List<Part> parts) {

    public LogReplay {
        parts = List.copyOf(parts);
    }

    /**
     * One file.
     *
     * @param name in the archive
     * @param as the application's own name of it
     */
    public record Part(String name, String as) {}
}
