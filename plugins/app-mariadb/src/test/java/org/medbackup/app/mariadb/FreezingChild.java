package org.medbackup.app.mariadb;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.Connection;

/** A backup in a process of its own that freezes a server and never thaws it, to be killed. */
final class FreezingChild {

    private FreezingChild() {}

    /** Freezes, says so, and waits. */
    public static void main(String[] arguments) {
        Deadline soon = Deadline.after(TimeSource.system(), Duration.ofMinutes(1));
        Connection connection = Connection.to(URI.create(arguments[0])).with("mode", "stage");
        try (Application application = new MariadbProvider().open(connection, Outside.system())) {
            application.discover(soon);
            application.prepare("child", soon);
            System.out.println("freezing");
            application.freeze(soon);
            System.out.println("frozen");
            TimeSource.system().sleep(Duration.ofMinutes(2));
        }
    }

    static Process start(URI address) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-cp",
                        BinlogReceiverChild.classes(),
                        FreezingChild.class.getName(),
                        address.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
