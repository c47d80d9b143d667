package org.medbackup.service.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.core.calendar.Holiday;
import org.medbackup.core.calendar.HolidayRule;
import org.medbackup.core.calendar.TimeWindow;
import org.medbackup.governor.Limits;
import org.medbackup.governor.Protection;
import org.medbackup.governor.RiskPolicy;
import org.medbackup.governor.WorkClass;
import org.medbackup.service.config.Configuration.Value;
import org.medbackup.service.config.ConfigurationFile.Reading;

/** The section {@code governor} of the configuration file. */
class GovernorSectionTest {

    @TempDir
    Path temp;

    private Reading read(String text) {
        try {
            return new ConfigurationFile(List.of(), Map.of())
                    .read(Files.writeString(temp.resolve("medbackup.yaml"), text));
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private Configuration usable(String text) {
        Reading reading = read(text);
        assertThat(reading.findings()).isEmpty();
        return Objects.requireNonNull(reading.configuration());
    }

    private static final String WHOLE = """
        governor:
          timezone: America/Chicago
          holidays:
            founders-day: 2026-03-06
            christmas: 12-25
            thanksgiving: 4th THU of NOV
            memorial-day: last MON of MAY
            moved: [2026-01-02, 2027-01-04]
          limits:
            network.egress: 40MB/s
            disk.read./dev/sda: 80MB/s
            disk.read.iops: 800
            cpu: 0.5
          windows:
            - {name: clinic-hours, days: [MON-FRI], from: "07:00", to: "19:00", holidays: exclude,
               limits: {network.egress: 8MB/s, cpu: 0.2}}
            - {name: blackout, days: [MON, SAT-SUN], from: "22:00", to: "24:00", limits: {all: pause}}
            - {name: night, from: "22:00", to: "06:00", limits: {cpu: 1}}
          weights: {incremental: 200, maintenance: 5}
          protect:
            - {name: emr, probe: "disk-read:/srv/db/file", every: 20 ms, maxRise: 15%, slo: 20 ms}
            - {name: host, probe: "psi:io", slo: 10%}
          onSignalLoss: {rate: 30%}
          policy: protect-rpo
          snapshotMinimum: {disk.read: 5MB/s}
        """;

    @Test
    void everythingThatTheSectionSaysHolds() {
        GovernorEntry entry = usable(WHOLE).governor();

        assertThat(entry.zone()).isEqualTo(ZoneId.of("America/Chicago"));
        assertThat(entry.holidays())
                .containsExactlyInAnyOrder(
                        new Holiday.OnDate("founders-day", LocalDate.of(2026, 3, 6)),
                        new Holiday.Yearly("christmas", MonthDay.of(12, 25)),
                        new Holiday.WeekdayOfMonth("thanksgiving", 4, DayOfWeek.THURSDAY, Month.NOVEMBER),
                        new Holiday.WeekdayOfMonth(
                                "memorial-day", Holiday.WeekdayOfMonth.LAST, DayOfWeek.MONDAY, Month.MAY),
                        new Holiday.OnDate("moved", LocalDate.of(2026, 1, 2)),
                        new Holiday.OnDate("moved", LocalDate.of(2027, 1, 4)));
        assertThat(entry.limits())
                .isEqualTo(Limits.parse(List.of(
                        "network.egress=40MB/s", "disk.read./dev/sda=80MB/s", "disk.read.iops=800", "cpu=0.5")));
        assertThat(entry.windows())
                .containsExactly(
                        new WindowEntry(
                                new TimeWindow(
                                        "clinic-hours",
                                        EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
                                        LocalTime.of(7, 0),
                                        LocalTime.of(19, 0),
                                        HolidayRule.EXCLUDE),
                                Limits.parse(List.of("network.egress=8MB/s", "cpu=0.2"))),
                        new WindowEntry(
                                new TimeWindow(
                                        "blackout",
                                        EnumSet.of(DayOfWeek.MONDAY, DayOfWeek.SATURDAY, DayOfWeek.SUNDAY),
                                        LocalTime.of(22, 0),
                                        LocalTime.MIDNIGHT,
                                        HolidayRule.INCLUDE),
                                Limits.parse(List.of(
                                        "disk.read=pause",
                                        "disk.write=pause",
                                        "network.egress=pause",
                                        "network.ingress=pause"))),
                        new WindowEntry(
                                new TimeWindow(
                                        "night",
                                        EnumSet.allOf(DayOfWeek.class),
                                        LocalTime.of(22, 0),
                                        LocalTime.of(6, 0),
                                        HolidayRule.INCLUDE),
                                Limits.parse(List.of("cpu=1"))));
        assertThat(entry.weights()).isEqualTo(Map.of(WorkClass.INCREMENTAL, 200, WorkClass.MAINTENANCE, 5));
        assertThat(entry.protections())
                .containsExactly(
                        new Protection("emr", URI.create("disk-read:/srv/db/file"), Duration.ofMillis(20), 0.15, 0.02),
                        new Protection(
                                "host", URI.create("psi:io"), GovernorEntry.EVERY, Double.POSITIVE_INFINITY, 0.1));
        assertThat(entry.degraded()).isEqualTo(0.3);
        assertThat(entry.risk()).isEqualTo(RiskPolicy.PROTECT_RPO);
        assertThat(entry.snapshotMinimum()).isEqualTo(Limits.parse(List.of("disk.read=5MB/s")));
        assertThat(entry.windowLimits()).containsOnlyKeys("clinic-hours", "blackout", "night");
        // A Friday at noon, in Chicago.
        assertThat(entry.calendar().openAt(Instant.parse("2026-03-13T17:00:00Z")))
                .extracting(TimeWindow::name)
                .containsExactly("clinic-hours");
        assertThat(entry.calendar().openAt(Instant.parse("2026-03-06T17:00:00Z")))
                .isEmpty();
    }

    @Test
    void eachValueSaysWhereItComesFrom() {
        Configuration read = usable("""
            governor:
              limits: {disk.read: 40MB/s}
              windows:
                - name: night
                  from: "22:00"
                  to: "06:00"
                  limits: {cpu: 0.5}
              protect:
                - {name: emr, probe: "psi:io", maxRise: 15%}
            """);
        String file = temp.resolve("medbackup.yaml").toString();

        assertThat(new Explanation(read, Map.of(), Map.of()).values(Path.of("/usual")))
                .contains(
                        new Value("governor.limits.disk.read", "40MB/s", file + ":2"),
                        new Value("governor.windows[0].days", "every day", "default"),
                        new Value("governor.windows[0].from", "22:00", file + ":5"),
                        new Value("governor.windows[0].holidays", "include", "default"),
                        new Value("governor.windows[0].limits.cpu", "0.5", file + ":7"),
                        new Value("governor.protect[0].every", "50 ms", "default"),
                        new Value("governor.onSignalLoss.rate", "25%", "default"),
                        new Value("governor.policy", "protect-production", "default"),
                        new Value("governor.timezone", ZoneId.systemDefault().getId(), "default"));
        assertThat(read.governor().risk()).isEqualTo(RiskPolicy.PROTECT_PRODUCTION);
    }

    @Test
    void withoutASectionNothingIsLimited() {
        Configuration read = usable("state: /srv/state\n");

        assertThat(read.governor().limits().isEmpty()).isTrue();
        assertThat(read.governor().windows()).isEmpty();
        assertThat(read.values()).extracting(Value::key).containsExactly("state");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`timezone: America/Chicgo`|2|timezone|no such time zone|Did you mean America/Chicago?",
                "`timezone: Nowhere-at-all/Zzzzz`|2|timezone|no such time zone|Europe/Berlin",
                "`timzone: UTC`|2|timzone|not known|Did you mean timezone?",
                "`holidays: {easter: soon}`|2|holidays.easter|no such day|4th THU of NOV",
                "`holidays: {easter: 02-30}`|2|holidays.easter|no such day|2026-03-06",
                "`holidays:~    easter: [2026-04-06, 2027-13-01]`|3|holidays.easter[1]|no such day|12-25",
                "`holidays: {easter: 4th XXX of NOV}`|2|holidays.easter|no such day|last MON of MAY",
                "`holidays: {easter: 4th MON of XXX}`|2|holidays.easter|no such day|last MON of MAY",
                "`limits: {disk.raed: 4MB/s}`|2|limits.disk.raed|no resource disk.raed|Did you mean disk.read?",
                "`limits: {tape: 4MB/s}`|2|limits.tape|no resource tape|RESOURCE=LIMIT",
                "`limits: {disk.read: 40}`|2|limits.disk.read|a rate is written like 40MB/s|RESOURCE=LIMIT",
                "`limits: {disk.read: none}`|2|limits.disk.read|cannot take another away|Take this line out.",
                "`limits: {all: 4MB/s}`|2|limits.all|all can only be paused|all: pause",
                "`limits: {disk.read: [4]}`|2|limits.disk.read|of type|docs/configuration.md",
                "`snapshotMinimum: {disk.read: pause}`|2|snapshotMinimum.disk.read|cannot be a pause|10MB/s",
                "`weights: {full: 0}`|2|weights.full|from 1 to 10000|beside those of the others",
                "`weights: {ful: 5}`|2|weights.ful|not known|Did you mean full?",
                "`onSignalLoss: {rate: 101%}`|2|onSignalLoss.rate|more than the limit|1% to 100%",
                "`policy: protect-nobody`|2|policy|one of|docs/configuration.md",
                "`windows:~  - {name: a, from: '07:00', to: '08:00', limits: {cpu: 1}}~  - {name: a, from:"
                        + " '09:00', to: '10:00', limits: {cpu: 1}}`|4|windows[1].name|in line 3 already|of its own",
                "`windows:~  - {name: a, from: '07:00', to: '07:00', limits: {cpu:"
                        + " 1}}`|3|windows[0].to|ends when it begins|24:00",
                "`windows:~  - {name: a, from: '07:00', to: '08:00'}`|3|windows[0]|no limits|network.egress: 8MB/s",
                "`windows:~  - {name: a, from: '07:00', to: '08:00', limits: {}}`|3|windows[0]|no limits|8MB/s",
                "`windows:~  - {name: a, from: '7:00', to: '08:00', limits: {cpu:"
                        + " 1}}`|3|windows[0].from|should match|docs/configuration.md",
                "`windows:~  - {name: a, days: [MONDAY], from: '07:00', to: '08:00', limits: {cpu:"
                        + " 1}}`|3|windows[0].days[0]|should match|docs/configuration.md",
                "`windows:~  - {name: a, from: '07:00', to: '08:00', limits: {cpu:"
                        + " half}}`|3|windows[0].limits.cpu|a number is wanted|RESOURCE=LIMIT",
                "`protect:~  - {name: a, probe: 'psi:io'}`|3|protect[0]|neither maxRise nor slo|maxRise: 15%",
                "`protect:~  - {name: a, probe: 'psi:io', every: 1 ms, slo: 1"
                        + " ms}`|3|protect[0].every|every 5 ms|50 ms is usual",
                "`protect:~  - {name: a, probe: 'psi:io', every: 1 min, slo: 1"
                        + " ms}`|3|protect[0].every|every 10 s|50 ms is usual",
                "`protect:~  - {name: a, probe: 'tcp://u:canary@h:1', slo: 1"
                        + " ms}`|3|protect[0].probe|holds a password|Take it out",
                "`protect:~  - {name: a, probe: 'jdbc:postgresql://u:canary@h/', slo: 1"
                        + " ms}`|3|protect[0].probe|holds a password|Take it out",
                "`protect:~  - {name: a, probe: 'jdbc:postgresql://h/?user=u&password=canary', slo: 1"
                        + " ms}`|3|protect[0].probe|holds a password|Take it out",
                "`protect:~  - {name: a, probe: 'disk-raed:/x', slo: 1 ms}`|3|protect[0].probe|nobody"
                        + " serves|governor.md",
                "`protect:~  - {name: a, probe: 'tcp://h', slo: 1 ms}`|3|protect[0].probe|tcp: |governor.md",
                "`protect:~  - {name: a, probe: 'tcp://a canary/', slo: 1 ms}`|3|protect[0].probe|no URI|%XX",
                "`protect:~  - {name: a, probe: 'psi:io', slo: 1 ms}~  - {name: a, probe: 'psi:cpu', slo: 1"
                        + " ms}`|4|protect[1].name|in line 3 already|of its own",
            })
    void whatIsWrongIsNamedWithItsLineItsKeyAndARemedy(
            String text, int line, String key, String message, String remedy) {
        Reading reading = read("governor:\n  " + text.replace("~", "\n  ") + "\n");

        assertThat(reading.isUsable()).isFalse();
        assertThat(reading.findings()).anySatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
            assertThat(finding.line()).isEqualTo(line);
            assertThat(finding.key()).isEqualTo("governor." + key);
            assertThat(finding.message()).contains(message);
            assertThat(finding.remedy()).contains(remedy);
        });
        assertThat(reading.findings().toString()).doesNotContain("canary");
    }

    @Test
    void allThatIsWrongIsNamedAtOnce() {
        Reading reading = read("""
            governor:
              timezone: Nowhere
              limits: {tape: 1}
            applications:
              ehr: {url: "postgresql://a b/"}
            """);

        assertThat(reading.findings())
                .extracting(Finding::key)
                .containsExactly("governor.timezone", "governor.limits.tape", "applications.ehr.url");
    }

    @Test
    void aWindowThatNeverOpensIsAWarning() {
        Reading reading = read("""
            governor:
              windows:
                - {name: feasts, holidays: only, from: "07:00", to: "19:00", limits: {cpu: 0.2}}
            """);

        assertThat(reading.isUsable()).isTrue();
        assertThat(reading.findings())
                .containsExactly(new Finding(
                        Finding.Severity.WARNING,
                        3,
                        "governor.windows[0]",
                        "the window never opens",
                        "Look at its days and at the holidays."));
    }

    @Test
    void aPauseThatIsLongerThanABackupKeepsItsPlaceIsAWarning() {
        Reading reading = read("""
            governor:
              windows:
                - {name: day, from: "07:00", to: "19:00", limits: {disk.read: pause}}
                - {name: short, from: "01:00", to: "02:00", limits: {all: pause}}
                - {name: slow, from: "07:00", to: "19:00", limits: {disk.read: 1MB/s}}
                - {name: always, from: "00:00", to: "24:00", limits: {disk.read: pause}}
            """);

        assertThat(reading.isUsable()).isTrue();
        assertThat(reading.findings())
                .extracting(Finding::key)
                .containsExactly("governor.windows[0].limits", "governor.windows[3].limits");
        assertThat(reading.findings()).first().satisfies(finding -> {
            assertThat(finding.key()).isEqualTo("governor.windows[0].limits");
            assertThat(finding.line()).isEqualTo(3);
            assertThat(finding.message()).contains("longer than 4 h");
            assertThat(finding.remedy()).contains("a low rate");
        });
    }

    @Test
    void aWholeDayIsFromMidnightToTwentyFour() {
        GovernorEntry entry = usable("""
            governor:
              timezone: UTC
              windows:
                - {name: sunday, days: [SUN], from: "00:00", to: "24:00", limits: {cpu: 0.2}}
            """).governor();

        Instant sunday = Instant.parse("2026-03-08T00:00:00Z");
        assertThat(entry.calendar().nextOpening(entry.windows().getFirst().window(), sunday.minusSeconds(1)))
                .hasValueSatisfying(opening -> {
                    assertThat(opening.from()).isEqualTo(sunday);
                    assertThat(opening.length()).isEqualTo(Duration.ofDays(1));
                });
    }

    @Test
    void theExampleOfTheManualCanBeUsed() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "configuration.md"));
        int from = page.indexOf("```yaml\ngovernor:") + "```yaml\n".length();

        GovernorEntry entry =
                usable(page.substring(from, page.indexOf("```", from))).governor();

        assertThat(entry.windows()).hasSize(2);
        assertThat(entry.protections()).hasSize(1);
    }
}
