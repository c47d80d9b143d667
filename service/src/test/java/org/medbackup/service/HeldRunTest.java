package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.testkit.FaultyStore.Call;
import org.medbackup.testkit.FaultyStore.Fault;

/** A run that one worker began and another one ends makes its restore point once. */
class HeldRunTest {

    @TempDir
    Path temp;

    private SimulatedSite site;

    @BeforeEach
    void open() {
        site = new SimulatedSite(temp, "held-" + temp.getFileName(), 1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    /** What is announced, and what earlier workers have announced. */
    private static class Hold implements RunHold {
        final List<Announced> announced = new ArrayList<>();
        final List<Announced> before;
        int stored;

        Hold(List<Announced> before) {
            this.before = before;
        }

        @Override
        public List<Announced> earlier() {
            return before;
        }

        @Override
        public void begun(Announced backup) {
            announced.add(backup);
        }

        @Override
        public void stored() {
            stored++;
        }
    }

    private JobResult takenOver(String job, String ticket) {
        site.time.advance(Duration.ofMinutes(5));
        return site.run(job, new Hold(List.of(new RunHold.Announced(CopyLedger.REPOSITORY, ticket))));
    }

    @Test
    void whatTheOtherHasCommittedIsTheRestorePointOfTheRun() {
        var first = new Hold(List.of());
        String ticket = site.run("records", first).snapshots().getFirst();
        assertThat(first.announced).containsExactly(new RunHold.Announced(CopyLedger.REPOSITORY, ticket));
        assertThat(first.stored).isEqualTo(1);

        JobResult second = takenOver("records", ticket);

        assertThat(second.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(second.snapshots()).containsExactly(ticket);
        assertThat(site.snapshots("")).containsExactly(ticket);
        assertThat(second.point()).isNotNull();
    }

    @Test
    void whatTheOtherHasNotCommittedItNeverWill() {
        List<JobResult> second = new ArrayList<>();
        var first = new Hold(List.of()) {
            @Override
            public void committing() {
                // It is suspended here, and another worker takes the run over.
                if (second.isEmpty()) {
                    second.add(takenOver("records", announced.getFirst().ticket()));
                }
            }
        };

        JobResult woken = site.run("records", first);

        assertThat(second.getFirst().state()).isEqualTo(JobState.SUCCEEDED);
        // Its place was taken: what it does then is another restore point of its own, which a lease would have
        // forbidden.
        assertThat(woken.troubles().getFirst().cause().code()).isEqualTo(ErrorCode.COMMIT_REFUSED);
        assertThat(site.snapshots("")).contains(second.getFirst().snapshots().getFirst());
        assertThat(site.snapshots("")).doesNotContain(first.announced.getFirst().ticket());
    }

    @Test
    void whoHasLostTheRunMakesNoRestorePoint() {
        JobResult lost = site.run("records", new Hold(List.of()) {
            @Override
            public void committing() {
                throw ErrorCode.LEASE_LOST.because("another worker has it");
            }
        });

        assertThat(lost.state()).isEqualTo(JobState.FAILED);
        assertThat(lost.troubles()).hasSize(1);
        assertThat(lost.troubles().getFirst().failure().id()).isEqualTo("lease-lost");
        assertThat(site.snapshots("")).isEmpty();
    }

    @Test
    void aCommitOfWhichTheAnswerIsLostForLongIsNotMadeTwice() {
        var away = new SimulatedSite.Trouble() {
            private long since = -1;

            @Override
            public Fault call(String target, Call call, String name) {
                if (!target.equals("repository")) {
                    return Fault.NONE;
                }
                if (since < 0 && call == Call.PUT && name.startsWith("s/")) {
                    since = site.time.nanos();
                    return Fault.ANSWER_LOST;
                }
                boolean gone = since >= 0 && site.time.since(since).compareTo(Duration.ofMinutes(3)) < 0;
                return gone ? Fault.FAILS : Fault.NONE;
            }
        };
        site.trouble(away);

        JobResult result = site.run("records");

        assertThat(result.state()).as("%s", result.troubles()).isEqualTo(JobState.SUCCEEDED);
        assertThat(result.attempts()).isGreaterThan(1);
        assertThat(site.snapshots("")).isEqualTo(result.snapshots());
    }

    @Test
    void oneMemberOfAGroupDoesNotStandForTheOthers() {
        JobResult first = site.run("both", new Hold(List.of()));
        assertThat(first.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(first.snapshots()).hasSize(2);

        JobResult second = takenOver("both", first.snapshots().getFirst());

        assertThat(second.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(second.snapshots()).hasSize(2).doesNotContainAnyElementsOf(first.snapshots());
    }
}
