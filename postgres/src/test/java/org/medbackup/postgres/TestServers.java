package org.medbackup.postgres;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.medbackup.core.process.Processes;

/** The installations that tests run against: the bundled one, unpacked once for this JVM, and all of this machine. */
final class TestServers {

    private static final OpenFolder CACHE = new OpenFolder();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(CACHE::close));
    }

    private TestServers() {}

    static PostgresInstallation bundled() {
        return PostgresInstallation.bundled(CACHE.path(), Processes.system()).orElseThrow();
    }

    static List<PostgresInstallation> all() {
        return Stream.concat(Stream.of(bundled()), PostgresInstallation.installed(Processes.system()).stream())
                .toList();
    }

    static Optional<PostgresInstallation> withTools() {
        return all().stream()
                .filter(each -> each.tool("pg_amcheck").isPresent())
                .findFirst();
    }
}
