package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.service.config.Configuration;
import org.medbackup.testkit.FreezableServer;

/** Applications of the configuration that are brought to one point together. */
class GroupBackupTest {

    @TempDir
    Path temp;

    private FreezableServer records;
    private FreezableServer images;
    private Site site;

    @BeforeEach
    void start() throws IOException {
        records = new FreezableServer(temp.resolve("records"));
        images = new FreezableServer(temp.resolve("images"));
        site = site("""
            applications:
              records: {url: "%s"}
              images: {url: "%s"}
              gone: {url: "freezable://127.0.0.1:1/none"}
            groups:
              ward: {members: [records, images], deadline: 10 s}
              broken: {members: [records, gone], deadline: 10 s}
            """.formatted(records.address(), images.address()));
        site.initialised();
    }

    private Site site(String yaml) throws IOException {
        Path file = Files.writeString(temp.resolve("medbackup.yaml"), yaml);
        Configuration configuration = MedBackup.configurationFile(Map.of()).load(file);
        return new Site(
                temp, Site.settings(temp.resolve("state"), TimeSource.system()).with(configuration, Map.of()));
    }

    @AfterEach
    void stop() {
        site.close();
        records.close();
        images.close();
    }

    @Test
    void eachMemberGetsARestorePointOfOneMomentThatNamesTheOthers() {
        GroupedBackup done = site.product.applications().backupGroup(site.writing(), "ward");

        assertThat(done.group()).isEqualTo("ward");
        assertThat(done.state()).isEqualTo("SUCCEEDED");
        assertThat(done.members().keySet()).containsExactly("records", "images");
        assertThat(done.members().values())
                .extracting(ApplicationBackup::consistency)
                .containsOnly(ConsistencyLevel.APPLICATION_CONSISTENT);
        assertThat(done.skew())
                .isLessThanOrEqualTo(done.members().values().iterator().next().frozen());
        List<SnapshotView> kept = site.product.snapshots(site.reading(), "", new TreeMap<>());
        assertThat(kept)
                .hasSize(2)
                .allSatisfy(point -> assertThat(point.snapshot().evidence())
                        .containsEntry("group.name", "ward")
                        .containsEntry("group.members", "records,images"));
        assertThat(kept)
                .extracting(point -> point.snapshot().evidence().get("group.run"))
                .doesNotContainNull()
                .containsOnly(kept.getFirst().snapshot().evidence().get("group.run"));
        assertThat(records.isFrozen() || images.isFrozen()).isFalse();
        assertThat(site.events.all())
                .anySatisfy(event -> assertThat(event.toString()).contains("app-backup-group"));
    }

    @Test
    void whereOneMemberFailsNoneGetsARestorePoint() {
        Site.failure(
                ErrorCode.APPLICATION_UNREACHABLE,
                () -> site.product.applications().backupGroup(site.writing(), "broken"));

        assertThat(site.product.snapshots(site.reading(), "", new TreeMap<>())).isEmpty();
        assertThat(records.isFrozen()).isFalse();
    }

    @Test
    void aGroupThatIsNotConfiguredIsRefused() {
        Site.failure(
                ErrorCode.APPLICATION_NOT_CONFIGURED,
                () -> site.product.applications().backupGroup(site.writing(), "records"));
    }

    @Test
    void aRehearsalSaysThePhasesAndChangesNothing() {
        long writes = records.writes();

        ApplicationRehearsal rehearsal = site.product.applications().rehearse("records");

        assertThat(rehearsal.isReady()).isTrue();
        assertThat(rehearsal.steps())
                .extracting(ApplicationRehearsal.Step::phase)
                .containsExactly("discover", "check", "prepare", "freeze", "mark", "thaw", "copy", "verify", "after");
        assertThat(records.longestFreeze()).isZero();
        assertThat(records.writes()).isGreaterThanOrEqualTo(writes);
    }
}
