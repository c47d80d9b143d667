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
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Outcome;
import org.medbackup.engine.KeyRole;
import org.medbackup.scheduler.state.StateDatabase;
import org.medbackup.scheduler.state.Store;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.SeededEntropy;

/** A daemon reads targets after jobs and once a day, and does not ask again and again where it gets no answer. */
class CatalogueWatchTest {

    @TempDir
    Path temp;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private SimulatedSite site;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private StateDatabase state;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private CatalogueWatch watch;

    private final List<String> read = new ArrayList<>();

    @BeforeEach
    void open() {
        site = new SimulatedSite(temp, "watched", 5);
        site.run("records");
        state = new Store.Sqlite(temp.resolve("state/watch.db"))
                .open("daemon", "host", site.time, new SeededEntropy(3));
        watch = new CatalogueWatch(site.catalogue(), site.access(""), site.time);
        site.trouble(listening(""));
    }

    @AfterEach
    void close() {
        state.close();
        site.close();
    }

    /** Hears what was read; one target may be silent. */
    private SimulatedSite.Trouble listening(String silent) {
        return new SimulatedSite.Trouble() {
            @Override
            public FaultyStore.Fault call(String target, FaultyStore.Call call, String name) {
                if (target.equals(silent)) {
                    throw ErrorCode.STORE_UNAVAILABLE.because("nobody answers");
                }
                return FaultyStore.Fault.NONE;
            }

            @Override
            public void event(BackupEvent event) {
                if (event instanceof BackupEvent.Ended ended && ended.action().equals("catalogue-read")) {
                    read.add(ended.outcome() == Outcome.SUCCESS ? "read" : "failed");
                }
            }
        };
    }

    private List<String> looked(Duration passed) {
        site.time.advance(passed);
        read.clear();
        watch.look(state.catalogue());
        return List.copyOf(read);
    }

    @Test
    void allTargetsAreReadAtFirstAndThenOnceADay() {
        assertThat(looked(Duration.ZERO)).containsExactly("read", "read");
        assertThat(looked(Duration.ofHours(23))).isEmpty();
        assertThat(looked(Duration.ofHours(2))).containsExactly("read", "read");
    }

    @Test
    void aTargetIsReadSoonAfterAJobHasWrittenThereAndOnceForSeveral() {
        looked(Duration.ZERO);

        watch.ended("clinic");
        assertThat(looked(Duration.ofSeconds(1))).as("more may come").isEmpty();
        watch.ended("clinic");

        assertThat(looked(Duration.ofSeconds(5))).containsExactly("read");
        assertThat(looked(Duration.ofMinutes(1))).isEmpty();
    }

    @Test
    void aTargetThatDoesNotAnswerIsAskedAgainAnHourLaterOrAfterAJob() {
        site.trouble(listening("vault"));
        assertThat(looked(Duration.ZERO)).containsExactly("read", "failed");
        assertThat(looked(Duration.ofMinutes(30))).isEmpty();
        assertThat(looked(Duration.ofMinutes(31))).containsExactly("failed");
        site.trouble(listening(""));
        watch.ended("records");
        assertThat(looked(Duration.ofMinutes(5))).containsExactly("read", "read");
    }

    @Test
    void whoeverMayOnlyWriteAsksOnceADay() {
        Path key = temp.resolve("writer.key");
        site.keys().addRecipient(site.access(""), KeyRole.WRITER, "daemon", key);
        CredentialSource owner = site.credential(new CredentialSource.KeyFile(key));
        watch = new CatalogueWatch(site.catalogue(), site.access(""), site.time);
        site.credential(owner);

        assertThat(looked(Duration.ZERO)).containsExactly("failed", "failed");
        assertThat(looked(Duration.ofHours(23))).isEmpty();
        assertThat(looked(Duration.ofHours(2))).hasSize(2);
    }

    @Test
    void aClockThatWasSetBackDoesNotKeepItFromReading() {
        looked(Duration.ZERO);
        site.time.set(Duration.ofDays(-10));

        assertThat(looked(Duration.ZERO)).containsExactly("read", "read");
    }
}
