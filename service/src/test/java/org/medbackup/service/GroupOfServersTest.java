package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.postgres.SocketSession;
import org.medbackup.testkit.FreezableServer;
import org.medbackup.testkit.LoopDisk;

/** A front end that writes each visit into PostgreSQL, MariaDB and a folder, all brought to one point on a real Btrfs. */
@Timeout(300)
class GroupOfServersTest {

    @TempDir
    Path temp;

    /** What the front end does for a visit, in three places one after the other. */
    private static final class Visits implements Runnable {

        private final SocketSession records;
        private final MariadbDatabase lab;
        private final Path documents;
        private final AtomicLong done = new AtomicLong();

        Visits(SocketSession records, MariadbDatabase lab, Path documents) {
            this.records = records;
            this.lab = lab;
            this.documents = documents;
        }

        @Override
        public void run() {
            long visit = done.get() + 1;
            records.query("INSERT INTO visit VALUES (" + visit + ")");
            lab.sql("INSERT INTO clinic.visit VALUES (" + visit + ")");
            try {
                Files.writeString(documents.resolve("visit-" + visit), "seen");
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            done.set(visit);
        }
    }

    @Test
    void noVisitIsHalfThereInWhatIsRestoredOfAFrozenGroup() throws IOException {
        try (LoopDisk disk = LoopDisk.mounted(temp.resolve("disk"), "btrfs", 900)) {
            Files.setPosixFilePermissions(disk.place(), PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwx--x--x"));
            Path documents = Files.createDirectories(disk.place().resolve("documents"));
            try (var records = new Database(disk.place(), Database::bundled, 1, Map.of());
                    var lab = new MariadbDatabase(disk.place())) {
                backUpAndRestore(records, lab, documents);
            }
        }
    }

    private void backUpAndRestore(Database records, MariadbDatabase lab, Path documents) throws IOException {
        records.ask("CREATE TABLE visit (id bigint PRIMARY KEY)");
        lab.sql("CREATE DATABASE clinic", "CREATE TABLE clinic.visit (id BIGINT PRIMARY KEY)");
        GroupedBackup done;
        try (SocketSession session = records.session()) {
            var visits = new Visits(session, lab, documents);
            try (var front = new FreezableServer(temp.resolve("front"), visits);
                    Site site = site(front, records, lab, documents)) {
                FreezingBackup.until(() -> visits.done.get() > 5);
                done = site.product.applications().backupGroup(site.writing(), "clinic");
                long then = visits.done.get();
                FreezingBackup.until(() -> visits.done.get() > then + 5);
                isOfOnePoint(done);

                long seen = count(site, "documents", documents);
                assertThat(seen).isBetween(5L, then);
                assertThat(restored(site, "records")).isEqualTo(Long.toString(seen));
                assertThat(restored(site, "lab")).isEqualTo(Long.toString(seen));
            }
        }
    }

    private Site site(FreezableServer front, Database records, MariadbDatabase lab, Path documents) throws IOException {
        Path file = Files.writeString(temp.resolve("medbackup.yaml"), """
            applications:
              front: {url: "%s"}
              records:
                url: "postgresql://postgres@127.0.0.1:%d/postgres"
                options: {snapshot: true}
                secrets: {password: "env:RECORDS"}
              lab:
                url: "mariadb://backup@127.0.0.1:%d/"
                options: {mode: stage}
                secrets: {password: "env:LAB"}
              documents: {url: "directory://%s", options: {consistentAtAnyInstant: true}}
            groups:
              clinic: {members: [front, records, lab, documents], deadline: 15 s}
            """.formatted(
                front.address(), records.port(), URI.create(lab.address()).getPort(), documents));
        Map<String, String> environment = Map.of("RECORDS", records.password(), "LAB", MariadbDatabase.PASSWORD);
        Settings settings = Site.settings(temp.resolve("state"), TimeSource.system())
                .with(MedBackup.configurationFile(environment).load(file), environment);
        return new Site(temp, settings).initialised();
    }

    private static void isOfOnePoint(GroupedBackup done) {
        assertThat(done.state()).isEqualTo("SUCCEEDED");
        assertThat(done.members().values())
                .extracting(ApplicationBackup::consistency)
                .containsOnly(ConsistencyLevel.APPLICATION_CONSISTENT);
        assertThat(done.skew()).isPositive().isLessThan(Duration.ofSeconds(15));
        assertThat(done.members().get("records"))
                .satisfies(made -> assertThat(made.frozen()).isZero());
        assertThat(done.members().get("lab"))
                .satisfies(made -> assertThat(made.frozen()).isPositive().isLessThan(Duration.ofSeconds(15)));
    }

    private Path target(String name) throws IOException {
        Path target = Files.createDirectories(temp.resolve("restored-" + name));
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx--x--x"));
        return target;
    }

    private long count(Site site, String name, Path folder) throws IOException {
        Path target = target(name);
        assertThat(site.product
                        .applications()
                        .restore(site.reading(), name, Optional.empty(), target)
                        .isRight())
                .isTrue();
        try (Stream<Path> files = Files.list(target.resolve(Path.of("/").relativize(folder)))) {
            return files.count();
        }
    }

    /** The greatest visit, which is also how many there are. */
    private String restored(Site site, String name) throws IOException {
        var seen = new StringBuilder();
        ApplicationRestore done = site.product
                .applications()
                .restore(site.reading(), name, Optional.empty(), target(name), jdbc -> {
                    String table = name.equals("lab") ? "clinic.visit" : "visit";
                    String count = MariadbDatabase.ask(jdbc, "SELECT COUNT(*) FROM " + table, 1);
                    assertThat(MariadbDatabase.ask(jdbc, "SELECT MAX(id) FROM " + table, 1))
                            .isEqualTo(count);
                    seen.append(count);
                });
        assertThat(done.isRight()).isTrue();
        return seen.toString();
    }
}
