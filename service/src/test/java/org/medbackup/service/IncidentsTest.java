package org.medbackup.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.resilience.escalation.Incident;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.FaultyStore.Fault;
import org.medbackup.testkit.SimulatedChannels;

/** What jobs cannot mend becomes incidents, and the right people are told of them and of their end. */
class IncidentsTest {

    @TempDir
    Path temp;

    private SimulatedSite site;

    @BeforeEach
    void open() {
        site = new SimulatedSite(temp, "incidents-" + temp.getFileName(), 1);
        assertThat(site.run("records").state()).isEqualTo(JobState.SUCCEEDED);
        site.time.advance(Duration.ofHours(1));
    }

    @AfterEach
    void close() {
        site.close();
    }

    private static SimulatedSite.Trouble away(String which) {
        return new SimulatedSite.Trouble() {
            @Override
            public Fault call(String target, FaultyStore.Call call, String name) {
                return target.equals(which) ? Fault.FAILS : Fault.NONE;
            }
        };
    }

    private List<String> told() {
        return site.told.stream()
                .map(each -> each.kind() + " " + each.severity() + " " + each.failure() + " " + each.resource())
                .toList();
    }

    @Test
    void whatEndsWellTellsNobody() {
        assertThat(site.incidents().list()).isEmpty();
        assertThat(site.told).isEmpty();
    }

    @Test
    void aTargetThatIsAwayIsOneIncidentForAllItsJobsAndIsOverWhenEachHasSucceeded() {
        site.trouble(away("repository"));
        assertThat(site.run("records").state()).isEqualTo(JobState.DEGRADED);
        assertThat(site.run("clinic").state()).isEqualTo(JobState.FAILED);

        Incident open = site.incidents().list().getFirst();
        assertThat(site.incidents().list()).hasSize(1);
        assertThat(open.cause().failure()).isEqualTo("store-silent");
        assertThat(open.cause().resource()).isEqualTo("repository");
        assertThat(open.jobs()).containsExactly("clinic", "records");
        // The second job took long enough that somebody is needed at once.
        assertThat(told())
                .startsWith("OPENED ERROR store-silent repository")
                .contains("RAISED CRITICAL store-silent repository")
                .allMatch(each -> each.endsWith(" store-silent repository"));
        assertThat(site.told.getFirst().tried()).contains("backed up to vault instead");

        site.calm();
        site.time.advance(Duration.ofHours(1));
        site.run("records");
        assertThat(site.incidents().list()).as("clinic has not succeeded yet").hasSize(1);
        site.run("clinic");

        assertThat(site.incidents().list()).isEmpty();
        assertThat(site.told.getLast().kind()).isEqualTo(Notification.Kind.RESOLVED);
    }

    @Test
    void whatIsCriticalGoesToThePagerAndGoesOnUntilSomebodyTakesCare() {
        site.trouble(new SimulatedSite.Trouble() {
            @Override
            public Fault call(String target, FaultyStore.Call call, String name) {
                if (target.equals("repository")) {
                    throw ErrorCode.STORE_DENIED.because("revoked");
                }
                return Fault.NONE;
            }
        });
        site.run("records");
        Incident incident = site.incidents().list().getFirst();
        assertThat(incident.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(told()).containsExactly("OPENED CRITICAL store-denied repository");

        site.time.advance(Duration.ofHours(2));
        site.incidents().tick();
        assertThat(site.told).hasSizeGreaterThan(1);
        Incident taken = site.incidents()
                .acknowledge(incident.id().substring(0, 6), "the vendor is called", Duration.ofHours(3));
        int before = site.told.size();
        site.time.advance(Duration.ofHours(2));
        site.incidents().tick();

        assertThat(taken.state()).isEqualTo(Incident.State.ACKNOWLEDGED);
        assertThat(taken.acknowledged()).isNotNull();
        assertThat(site.told).hasSize(before);
    }

    @Test
    void whatWasMendedByItselfIsToldInTheDigestOnly() {
        ObjectName old = site.repository.names("d/").getFirst();
        site.repository.flip(old, 300);

        assertThat(site.run("records").state()).isEqualTo(JobState.SUCCEEDED);

        assertThat(site.incidents().list())
                .extracting(each -> each.cause().failure())
                .containsExactly("object-damaged");
        assertThat(site.incidents().list().getFirst().severity()).isEqualTo(Severity.WARNING);
        assertThat(site.told).isEmpty();
        site.time.advance(Duration.ofDays(1));
        site.incidents().tick();
        assertThat(site.told).isNotEmpty();
    }

    @Test
    void aChannelThatIsAwayIsAnIncidentOnTheOtherAndTheJobIsNotHurt() {
        SimulatedChannels.remove("incidents-" + temp.getFileName() + "-desk");
        site.trouble(away("repository"));

        assertThat(site.run("clinic").state()).isEqualTo(JobState.FAILED);
        site.time.advance(Duration.ofMinutes(1));
        site.incidents().tick();
        site.time.advance(Duration.ofMinutes(40));
        site.incidents().tick();

        assertThat(site.told).as("the pager, when nobody took care of it").isNotEmpty();
    }

    @Test
    void whatIsKnownSurvivesARestartAndIsNotReadableOnTheDisk() throws IOException {
        site.trouble(away("repository"));
        site.run("clinic");
        Path file = temp.resolve("state/incidents");

        assertThat(Files.readString(file, ISO_8859_1)).doesNotContain("clinic").doesNotContain("repository");
        site.restart();
        assertThat(site.incidents().list()).hasSize(1);
        Files.writeString(file, "bm90IG9mIHRoaXMgaG9zdCBhdCBhbGwsIGFuZCBsb25nIGVub3VnaA==");
        Site.failure(ErrorCode.STATE_UNUSABLE, () -> site.incidents().list());
        site.calm();
        site.time.advance(Duration.ofHours(1));
        assertThat(site.run("clinic").state()).as("a backup needs no incidents").isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void anIncidentThatIsNotThereCannotBeTakenCareOf() {
        Site.failure(ErrorCode.INCIDENT_NOT_FOUND, () -> site.incidents().acknowledge("ab", "", Duration.ofHours(1)));
        Site.failure(ErrorCode.INCIDENT_NOT_FOUND, () -> site.incidents().acknowledge("", "", Duration.ofHours(1)));
    }

    @Test
    void whereNobodyIsNamedWhatFailsIsListedAllTheSame() {
        site.withoutChannels();
        site.trouble(away("repository"));

        site.run("clinic");

        assertThat(site.incidents().list()).hasSize(1);
        assertThat(site.told).isEmpty();
    }

    @Test
    void aChannelThatCannotBeOpenedDoesNotKeepTheOthersFromHearing() {
        site.withChannel("desk: {address: \"told://nobody\", secrets: {word: \"env:NOT_SET\"}}");
        site.trouble(away("repository"));

        site.run("clinic");
        for (int i = 0; i < 10; i++) {
            site.time.advance(Duration.ofMinutes(10));
            site.incidents().tick();
        }

        assertThat(site.told).isNotEmpty();
    }
}
