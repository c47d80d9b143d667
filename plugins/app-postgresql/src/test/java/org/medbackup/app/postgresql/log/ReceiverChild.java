package org.medbackup.app.postgresql.log;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.app.postgresql.PostgresProvider;
import org.medbackup.core.spi.app.ApplicationLog;
import org.medbackup.core.spi.app.ApplicationLog.Reception;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.testkit.FolderArchive;

/** A receiver in a process of its own, to be killed. It writes a line to standard output as it goes on. */
final class ReceiverChild {

    private ReceiverChild() {}

    /** Receives until it is killed. */
    public static void main(String[] arguments) {
        var reception = new Reception("child", 3, Duration.ofMinutes(5), "", null);
        try (ApplicationLog log =
                new PostgresProvider().log(Connection.to(URI.create(arguments[0])), ReceivingTest.OUTSIDE)) {
            log.receive(
                    new FolderArchive(Path.of(arguments[1])),
                    Path.of(arguments[2]),
                    reception,
                    lag -> say(lag.received()));
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }

    static Process start(URI address, Path archive, Path spool) throws IOException {
        // As the tests were started: with modules or without.
        String classes = String.join(
                File.pathSeparator,
                System.getProperty("java.class.path", ""),
                System.getProperty("jdk.module.path", ""),
                place(ReceiverChild.class),
                place(PostgresProvider.class));
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                classes,
                ReceiverChild.class.getName(),
                address.toString(),
                archive.toString(),
                spool.toString()));
        return new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
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
