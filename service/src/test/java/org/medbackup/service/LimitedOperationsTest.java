package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.TimeSource;
import org.medbackup.corpus.Bytes;
import org.medbackup.engine.BackupResult;
import org.medbackup.governor.Governor;
import org.medbackup.governor.Limits;

/** Whole operations under limits. A limit can only make them slower, so that too fast is the failure. */
class LimitedOperationsTest {

    private static final SortedMap<String, String> NO_TAGS = new TreeMap<>();

    @TempDir
    Path temp;

    private static Duration took(Runnable work) {
        long begun = TimeSource.system().nanos();
        work.run();
        return TimeSource.system().since(begun);
    }

    private Site limited(String... limits) {
        Settings settings = Site.settings(temp.resolve("state"), TimeSource.system());
        return new Site(temp, settings.limitedTo(Limits.parse(List.of(limits))));
    }

    private static BackupResult backup(Site site) {
        return site.product.backup(
                site.writing(),
                new BackupOrder(List.of(PathBytes.of(site.source().toString())), "source", NO_TAGS, List.of(), false));
    }

    @Test
    void aBackupReadsNoFasterThanItsLimitAndAllComesBack() throws Exception {
        byte[] image = Bytes.random(1, 5_000_000);
        try (Site site = limited("disk.read=2MB/s").initialised()) {
            Site.write(site.source().resolve("image.raw"), image);

            Duration took = took(() -> assertThat(backup(site).isComplete()).isTrue());

            // Five million bytes: two in the first second, two in the next, the rest after that.
            assertThat(took).isGreaterThan(Duration.ofMillis(1900));
            site.product.restore(
                    site.reading(),
                    new RestoreOrder(
                            "latest",
                            PathBytes.of(site.source().toString()),
                            List.of(),
                            temp.resolve("out"),
                            org.medbackup.engine.RestoreRequest.Existing.LEFT));
            assertThat(Files.readAllBytes(temp.resolve("out/image.raw"))).isEqualTo(image);
        }
    }

    @Test
    void aRestoreHasLimitsOfItsOwnAndNotThoseOfTheHost() throws Exception {
        Settings settings = Site.settings(temp.resolve("state"), TimeSource.system());
        try (Site site = new Site(temp, settings).initialised()) {
            Site.write(site.source().resolve("image.raw"), Bytes.random(1, 3_000_000));
            backup(site);
            settings.governor().set(Limits.parse(List.of("disk.write=pause", "disk.read=pause")));

            assertThat(restore(site, "free").failures()).isEmpty();
        }
        try (Site site = limited("disk.write=1MB/s")) {
            Duration took =
                    took(() -> assertThat(restore(site, "slow").failures()).isEmpty());

            assertThat(took).isGreaterThan(Duration.ofMillis(1400));
            assertThat(temp.resolve("slow/image.raw")).hasBinaryContent(Bytes.random(1, 3_000_000));
        }
    }

    private org.medbackup.engine.RestoreResult restore(Site site, String target) {
        return site.product.restore(
                site.reading(),
                new RestoreOrder(
                        "latest",
                        PathBytes.of(site.source().toString()),
                        List.of(),
                        temp.resolve(target),
                        org.medbackup.engine.RestoreRequest.Existing.LEFT));
    }

    @Test
    void programsOnOneStateFolderShareTheHostsLimit() throws Exception {
        Limits limits = Limits.parse(List.of("disk.read=1MB/s"));
        Path state = temp.resolve("state");
        Settings one = Site.settings(state, TimeSource.system());
        Settings other = Site.settings(state, TimeSource.system());
        try (Site first = new Site(Files.createDirectories(temp.resolve("a")), one).initialised();
                Site second = new Site(Files.createDirectories(temp.resolve("b")), other).initialised();
                var pool = java.util.concurrent.Executors.newSingleThreadExecutor()) {
            Site.write(first.source().resolve("image.raw"), Bytes.random(1, 1_500_000));
            Site.write(second.source().resolve("image.raw"), Bytes.random(2, 1_500_000));
            one.governor().set(limits);
            other.governor().set(limits);

            Duration took = took(() -> {
                var running = pool.submit(() -> backup(first));
                assertThat(backup(second).isComplete()).isTrue();
                assertThat(running).succeedsWithin(Duration.ofMinutes(1));
            });

            // Three million bytes together: one in each second.
            assertThat(took).isGreaterThan(Duration.ofMillis(1900));
            assertThat(state.resolve("run").toFile().list()).anyMatch(name -> name.startsWith("disk.read-"));
        }
    }

    @Test
    void theHostsLimitHoldsForBackupsAndIsLiftedWhileOneRuns() throws Exception {
        Settings settings = Site.settings(temp.resolve("state"), TimeSource.system());
        Governor governor = settings.governor();
        try (Site site = new Site(temp, settings).initialised();
                var pool = java.util.concurrent.Executors.newSingleThreadExecutor()) {
            Site.write(site.source().resolve("image.raw"), Bytes.random(1, 3_000_000));
            governor.set(Limits.parse(List.of("disk.read=pause")));
            var running = pool.submit(() -> backup(site));
            // It waits for as long as the limit stands.
            assertThat(running).isNotDone();
            Thread.sleep(200);
            assertThat(running).isNotDone();

            governor.set(Limits.parse(List.of("disk.read=none")));

            assertThat(running.get().isComplete()).isTrue();
        }
    }
}
