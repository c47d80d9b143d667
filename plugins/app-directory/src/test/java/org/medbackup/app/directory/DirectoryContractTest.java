package org.medbackup.app.directory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.linux.snapshot.LinuxSnapshots;
import org.medbackup.testkit.ApplicationContract;
import org.medbackup.testkit.FakeDatasets;
import org.medbackup.testkit.FakePrograms;
import org.medbackup.testkit.FakeSystemd;

/** The suite of every adapter. */
class DirectoryContractTest implements ApplicationContract {

    @TempDir
    Path temp;

    @Override
    public Application open() {
        Path bin = temp.resolve("bin");
        var programs = new FakePrograms(bin);
        Path table = temp.resolve("mountinfo");
        Path folder = temp.resolve("data/documents");
        if (!Files.exists(table)) {
            new FakeDatasets(bin, programs).add("tank/data", temp.resolve("data"), table);
            new FakeSystemd(bin, programs).set("archive.service", "active");
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        var snapshots = new LinuxSnapshots(programs, temp.resolve("state"), table);
        Connection connection = Connection.to(URI.create("directory://" + folder))
                .with("units", "archive.service")
                .with("unitMemory", temp.resolve("memory").toString());
        return new DirectoryProvider().open(connection, new Outside(TimeSource.system(), programs, snapshots));
    }
}
