package org.medbackup.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The user of the operating system to whom this process belongs, as the kernel has it and no variable or option can say. */
final class ProcessOwner {

    private static final Path SELF = Path.of("/proc/self");

    private ProcessOwner() {}

    /** Its name; the number where it has none, empty where the system does not tell. */
    static String name() {
        try {
            return Files.getOwner(SELF).getName();
        } catch (IOException untold) {
            return "";
        }
    }
}
