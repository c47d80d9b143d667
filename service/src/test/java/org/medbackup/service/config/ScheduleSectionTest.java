package org.medbackup.service.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.control.Role;
import org.medbackup.scheduler.JobRules;
import org.medbackup.scheduler.Missed;
import org.medbackup.scheduler.Overrun;
import org.medbackup.scheduler.Timetable;
import org.medbackup.service.config.ConfigurationFile.Reading;

class ScheduleSectionTest {

    private static final String GOVERNOR = """
            governor:
              timezone: Europe/Berlin
              windows:
                - {name: nights, from: "22:00", to: "06:00", limits: {cpu: 4}}
                - {name: clinic, from: "08:00", to: "12:00", limits: {cpu: 1}}
            """;

    @TempDir
    Path temp;

    private Reading read(String text) throws IOException {
        return new ConfigurationFile(List.of(), Map.of("PW", "canary"))
                .read(Files.writeString(temp.resolve("medbackup.yaml"), text));
    }

    private Configuration usable(String text) throws IOException {
        Reading reading = read(text);
        assertThat(reading.findings()).isEmpty();
        Configuration configuration = reading.configuration();
        if (configuration == null) {
            throw new AssertionError("it cannot be used");
        }
        return configuration;
    }

    private List<String> wrong(String text) throws IOException {
        return read(text).findings().stream().map(Finding::text).toList();
    }

    private Optional<JobRules> rules(String job) throws IOException {
        Configuration read = usable(GOVERNOR + "jobs: {first: {paths: [/srv]}, ward: {paths: [/srv], " + job + "}}");
        JobEntry ward = Objects.requireNonNull(read.jobs().get("ward"));
        return ward.schedule().rules("ward", read.governor(), "host-1", Set.of(""));
    }

    @Test
    void whatIsSaidOfTimesHolds() throws IOException {
        JobRules rules = rules("""
                rpo: 26 h, schedule: {at: ["02:30", "14:00"], days: [MON-FRI], monthDays: [1, last], windows: [nights],
                blackouts: [clinic], missed: skip, overrun: park, jitter: 20 min, priority: 5, after: [first],
                anyHost: true}""").orElseThrow();

        assertThat(rules.timetable())
                .isEqualTo(new Timetable.Daily(
                        ZoneId.of("Europe/Berlin"),
                        Set.of(LocalTime.of(2, 30), LocalTime.of(14, 0)),
                        Set.of(
                                DayOfWeek.MONDAY,
                                DayOfWeek.TUESDAY,
                                DayOfWeek.WEDNESDAY,
                                DayOfWeek.THURSDAY,
                                DayOfWeek.FRIDAY),
                        Set.of(1, Timetable.Daily.LAST_DAY)));
        assertThat(rules.rpo()).isEqualTo(Duration.ofHours(26));
        assertThat(rules.hours().isOpen(Instant.parse("2026-11-26T22:30:00Z"))).isTrue();
        assertThat(rules.hours().isOpen(Instant.parse("2026-11-26T15:00:00Z"))).isFalse();
        assertThat(rules.hours().isBlackout(Instant.parse("2026-11-26T08:00:00Z")))
                .isTrue();
        assertThat(rules.missed()).isEqualTo(Missed.SKIP);
        assertThat(rules.overrun()).isEqualTo(Overrun.PARK);
        assertThat(rules.jitter()).isEqualTo(Duration.ofMinutes(20));
        assertThat(rules.priority()).isEqualTo(5);
        assertThat(rules.dependsOn()).hasSize(1);
        assertThat(rules.pinnedHost()).isNull();
        assertThat(rules.sourceHost()).isEqualTo("host-1");
    }

    @Test
    void anObjectiveAloneAPeriodAndOtherJobsSayWhenToo() throws IOException {
        assertThat(rules("rpo: 15 min").orElseThrow().timetable()).isInstanceOf(Timetable.ByObjective.class);
        assertThat(rules("rpo: 15 min").orElseThrow().pinnedHost()).isEqualTo("host-1");
        assertThat(rules("schedule: {every: 1 h}").orElseThrow().timetable())
                .isEqualTo(new Timetable.Every(Duration.ofHours(1)));
        assertThat(rules("schedule: {after: [first]}").orElseThrow().timetable())
                .isInstanceOf(Timetable.AfterDependencies.class);
        assertThat(rules("verify: none")).isEmpty();
    }

    @Test
    void namesThatAreNotThereAreSaid() throws IOException {
        assertThat(wrong(GOVERNOR
                        + "jobs: {ward: {paths: [/srv], schedule: {every: 1 h, after: [absent], windows: [night],"
                        + " blackouts: [day]}}}"))
                .hasSize(3)
                .anyMatch(each -> each.contains("there is no job absent"))
                .anyMatch(each -> each.contains("there is no window night"))
                .anyMatch(each -> each.contains("there is no window day"));
        assertThat(wrong("jobs: {ward: {paths: [/srv], schedule: {every: 1 h, at: [\"01:00\"]}}}"))
                .singleElement()
                .asString()
                .contains("times of the day and a period");
    }

    @Test
    void whatTheDaemonNeedsHolds() throws IOException {
        ServiceEntry service = usable("""
                scheduler: {database: "jdbc:postgresql://db/medbackup", user: medbackup, password: "env:PW", worker: w1,
                  runs: 8, perHost: 2, perTarget: 3}
                control: {listen: "127.0.0.1:7443", certificate: /c, key: /k, clients: /a,
                  roles: {"CN=anna": [operator, viewer]}, traces: "http://127.0.0.1:4318/v1/traces"}
                """).service();

        assertThat(service.database()).isEqualTo("jdbc:postgresql://db/medbackup");
        assertThat(service.user()).isEqualTo("medbackup");
        assertThat(service.password()).hasToString("env:PW");
        assertThat(service.worker()).isEqualTo("w1");
        assertThat(service.runs()).isEqualTo(8);
        assertThat(service.perHost()).isEqualTo(2);
        assertThat(service.perTarget()).isEqualTo(3);
        assertThat(service.listen()).isEqualTo("127.0.0.1:7443");
        assertThat(service.tls()).isNotNull();
        assertThat(service.roles()).containsEntry("CN=anna", Set.of(Role.OPERATOR, Role.VIEWER));
        assertThat(service.traces()).isEqualTo("http://127.0.0.1:4318/v1/traces");
        assertThat(usable("jobs: {}").service()).isEqualTo(ServiceEntry.none());
        assertThat(wrong("control: {listen: \"127.0.0.1:7443\", certificate: /c}"))
                .isNotEmpty();
    }
}
