package org.medbackup.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that leads its session, if whoever starts it makes one. */
final class SchedulingDriver {

    private SchedulingDriver() {}

    public static void main(String[] args) throws IOException {
        boolean done = Scheduling.backgroundSession();
        System.out.println(
                done + " " + Files.readString(Path.of("/proc/self/autogroup")).strip());
    }
}
