package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.resilience.Action;
import org.medbackup.resilience.Trouble;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.MemoryStore;

class JobsTest {

    @TempDir
    Path temp;

    private SimulatedSite site;

    @BeforeEach
    void open() {
        site = new SimulatedSite(temp, "jobs", 7);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private static SimulatedSite.Trouble silent(String which) {
        return new SimulatedSite.Trouble() {
            @Override
            public FaultyStore.Fault call(String target, FaultyStore.Call call, String name) {
                if (target.equals(which)) {
                    throw ErrorCode.STORE_UNAVAILABLE.because("nobody answers").with("cause", "ConnectException");
                }
                return FaultyStore.Fault.NONE;
            }
        };
    }

    @Test
    void aJobStoresProvesCopiesAndKeepsWhatItIsToKeep() {
        String first = site.run("records").snapshots().getFirst();
        for (int i = 0; i < 5; i++) {
            site.time.advance(Duration.ofHours(1));
            site.write("note.txt", "version " + i);
            JobResult result = site.run("records");
            assertThat(result.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(result.troubles()).isEmpty();
            assertThat(result.missingCopies()).isZero();
            assertThat(site.holds("-vault", result.snapshots().getFirst())).isTrue();
        }
        assertThat(site.snapshots("")).hasSize(5).doesNotContain(first);
    }

    @Test
    void anApplicationIsBackedUpAndItsRestorePointsAreNotTouchedByTheRetentionOfOthers() {
        String clinic = site.run("clinic").snapshots().getFirst();
        for (int i = 0; i < 6; i++) {
            site.time.advance(Duration.ofHours(1));
            site.run("records");
        }
        assertThat(site.snapshots("")).hasSize(6).contains(clinic);
    }

    @Test
    void aTargetThatIsAwayForHoursIsSpilledFromAndWhatWasSpilledIsBroughtBack() {
        String before = site.run("records").snapshots().getFirst();
        site.time.advance(Duration.ofHours(1));
        site.write("note.txt", "second");
        site.trouble(silent("repository"));

        JobResult spilled = site.run("records");

        assertThat(spilled.state()).isEqualTo(JobState.DEGRADED);
        assertThat(spilled.target()).isEqualTo("vault");
        assertThat(spilled.troubles()).extracting(Trouble::action).contains(Action.RETRY, Action.SPILL);
        String snapshot = spilled.snapshots().getFirst();
        assertThat(site.missingCopies())
                .extracting(CopyLedger.Missing::snapshot, CopyLedger.Missing::from, CopyLedger.Missing::to)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(snapshot, "vault", CopyLedger.REPOSITORY),
                        org.assertj.core.groups.Tuple.tuple(
                                site.ofSite("-vault").getLast(), "vault", CopyLedger.REPOSITORY));
        site.calm();
        assertThat(site.holds("-vault", snapshot)).isTrue();
        assertThat(site.restored("-vault", snapshot, "note.txt")).isEqualTo("second");

        site.time.advance(Duration.ofHours(1));
        site.write("note.txt", "third");
        JobResult next = site.run("records");

        assertThat(next.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(site.missingCopies()).isEmpty();
        assertThat(site.snapshots(""))
                .contains(before, snapshot, next.snapshots().getFirst());
        assertThat(site.holds("", snapshot)).isTrue();
        assertThat(site.restored("", snapshot, "note.txt")).isEqualTo("second");
    }

    @Test
    void whereTheRepositorysDiskIsNotMountedNoneIsMadeInItsPlace() {
        site.run("records");
        site.time.advance(Duration.ofHours(1));
        site.write("note.txt", "second");
        MemoryStore empty = site.unmount();

        JobResult spilled = site.run("records");

        assertThat(spilled.state()).isEqualTo(JobState.DEGRADED);
        assertThat(spilled.target()).isEqualTo("vault");
        assertThat(empty.isEmpty()).isTrue();
        assertThat(site.missingCopies())
                .as("of what was backed up, and of the site")
                .hasSize(2);

        site.mount();
        site.time.advance(Duration.ofHours(1));
        assertThat(site.run("records").state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(site.holds("", spilled.snapshots().getFirst())).isTrue();
    }

    @Test
    void aCopyThatCannotBeMadeIsMadeByTheNextRun() {
        site.trouble(silent("vault"));
        JobResult without = site.run("records");

        assertThat(without.state()).isEqualTo(JobState.DEGRADED);
        assertThat(without.missingCopies()).isEqualTo(1);
        assertThat(site.snapshots("")).containsExactlyElementsOf(without.snapshots());
        assertThat(without.troubles())
                .as("the site is not waited for once more")
                .allSatisfy(each -> assertThat(each.stage()).isEqualTo("copy"));
        assertThat(without.took()).isLessThan(Duration.ofMinutes(12));

        site.calm();
        site.time.advance(Duration.ofHours(1));
        assertThat(site.run("records").state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(site.missingCopies()).isEmpty();
        assertThat(site.holds("-vault", without.snapshots().getFirst())).isTrue();
    }
}
