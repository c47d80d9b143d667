package org.medbackup.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.medbackup.core.TimeSource;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.ContentCheck;
import org.medbackup.corpus.Bytes;
import org.medbackup.postgres.PostgresInstallation;

/** A site with a database and documents that were backed up, to be drilled. Its folders are where accounts may enter. */
final class DrilledSite implements AutoCloseable {

    static final int VISITS = 20_000;

    /** What a check must never tell. */
    static final String CANARY = "canary-of-a-patient";

    final Path folder;
    final Database database;
    final Site site;

    /** Makes one, and backs it up. */
    DrilledSite() {
        try {
            database = new Database(Path.of("/var/tmp"), DrilledSite::installation, 1, Map.of());
            folder = Files.createDirectory(
                    database.folder.resolve("site"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            Path documents = Files.createDirectories(folder.resolve("documents"));
            for (int i = 0; i < 20; i++) {
                Files.write(documents.resolve("letter" + i), Bytes.random(i, 20_000));
            }
            Files.writeString(folder.resolve("medbackup.yaml"), """
                    repository: %s
                    applications:
                      records:
                        url: "postgresql://postgres@127.0.0.1:%d/postgres"
                        secrets: {password: "env:RECORDS"}
                      lab: {url: "mariadb://backup@127.0.0.1:1/", secrets: {password: "env:RECORDS"}}
                    jobs:
                      lab: {application: lab, verify: none}
                      records: {application: records, verify: none}
                      documents: {paths: ["%s"], verify: none}
                    """.formatted(
                            folder.resolve("repository"), database.port(), documents));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        database.ask("CREATE TABLE visit AS SELECT n AS id, '" + CANARY + "' || n AS who FROM generate_series(1, "
                + VISITS + ") AS n");
        database.ask("CREATE INDEX visits ON visit (id)");
        database.ask("CHECKPOINT");
        site = new Site(folder, settings(folder, database.password())).initialised();
        site.product.jobs().run(site.reading(), List.of("records", "documents"));
        site.product.catalogue().rebuild(site.reading());
    }

    static Settings settings(Path folder, String password) {
        Map<String, String> environment = Map.of("RECORDS", password);
        return Site.settings(folder.resolve("state"), TimeSource.system())
                .with(MedBackup.configurationFile(environment).load(folder.resolve("medbackup.yaml")), environment);
    }

    private static PostgresInstallation installation(Path folder) {
        return PostgresInstallation.installed(Processes.system()).stream()
                .findFirst()
                .orElseGet(() -> Database.bundled(folder));
    }

    Path scratch() {
        return folder.resolve("s");
    }

    Path plan(String text) {
        try {
            return Files.writeString(Files.createTempFile(folder, "plan", ".yaml"), text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    DrillResult drill(String plan) {
        return site.product.drills().run(site.reading(), plan(plan), scratch());
    }

    /** A drill on a machine where programs are started otherwise, which may use the network of the machine. */
    DrillResult sharing(String plan, Processes processes) {
        return site.product
                .drills(startingBy(processes), List.of())
                .run(site.reading(), DrillOrder.of(plan(plan), scratch()).sharingNetwork(true));
    }

    /** A drill there, which may not. */
    DrillResult drill(String plan, Processes processes) {
        return site.product.drills(startingBy(processes), List.of()).run(site.reading(), plan(plan), scratch());
    }

    private Settings startingBy(Processes processes) {
        Settings usual = settings(folder, database.password());
        return new Settings(
                usual.state(),
                usual.actor(),
                usual.listener(),
                usual.sizing(),
                usual.tool(),
                usual.time(),
                usual.entropy(),
                processes,
                usual.governor());
    }

    /** A drill in which somebody looks at what was restored before anything starts. */
    DrillResult drill(String plan, Settings settings, ContentCheck content) {
        return site.product.drills(settings, List.of(content)).run(site.reading(), plan(plan), scratch());
    }

    @Override
    public void close() {
        site.close();
        database.close();
    }
}
