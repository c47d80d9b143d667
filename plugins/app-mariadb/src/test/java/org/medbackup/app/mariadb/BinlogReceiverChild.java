package org.medbackup.app.mariadb;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.medbackup.core.spi.app.ApplicationLog;
import org.medbackup.core.spi.app.ApplicationLog.Reception;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.testkit.FolderArchive;

/** A receiver in a process of its own, to be killed. It writes a line to standard output as it goes on. */
final class BinlogReceiverChild {

    private BinlogReceiverChild() {}

    /** Receives until it is killed. */
    public static void main(String[] arguments) {
        var reception = new Reception("child", 1, Duration.ofMinutes(5), "", null);
        try (ApplicationLog log =
                new MariadbProvider().log(Connection.to(URI.create(arguments[0])), Outside.system())) {
            log.receive(
                    new FolderArchive(Path.of(arguments[1])),
                    Path.of(arguments[2]),
                    reception,
                    lag -> System.out.println(lag.received()));
        }
    }

    static Process start(URI address, Path archive, Path spool) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        classes(),
                        BinlogReceiverChild.class.getName(),
                        address.toString(),
                        archive.toString(),
                        spool.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** As the tests were started: with modules or without. */
    static String classes() {
        return String.join(
                File.pathSeparator,
                System.getProperty("java.class.path", ""),
                System.getProperty("jdk.module.path", ""),
                place(BinlogReceiverChild.class),
                place(MariadbProvider.class));
    }

    private static String place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (java.net.URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
