package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.EventSink;
import org.medbackup.governor.Governor;
import org.medbackup.governor.Limits;
import org.medbackup.service.config.Configuration;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.RecordedEvents;

/** Limits of the configuration file, on a clock that the test moves. */
@Timeout(60)
class ConfiguredLimitsTest {

    private static final ZoneId CHICAGO = ZoneId.of("America/Chicago");

    private static final String HOURS = """
        governor:
          timezone: America/Chicago
          limits: {network.egress: 40MB/s}
          windows:
            - {name: clinic-hours, days: [MON-FRI], from: "07:00", to: "19:00", limits: {network.egress: 8MB/s}}
            - {name: blackout, days: [SUN], from: "01:30", to: "03:30", limits: {network.egress: pause}}
            - {name: limit, from: "18:00", to: "23:00", limits: {network.egress: 20MB/s}}
        """;

    @TempDir
    Path temp;

    private Path file = Path.of("unused");
    private final RecordedEvents events = new RecordedEvents();

    @BeforeEach
    void name() {
        file = temp.resolve("medbackup.yaml");
    }

    private void write(String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Settings settings(ManualTime time) {
        Configuration read = MedBackup.configurationFile(Map.of()).load(file);
        return Site.settings(temp.resolve("state"), time).with(read, Map.of());
    }

    private ConfiguredLimits limits(Settings settings) {
        return new ConfiguredLimits(settings, new LimitRecord(settings, events));
    }

    private List<BackupEvent.LimitChanged> changes() {
        return events.of(BackupEvent.LimitChanged.class);
    }

    /** Four looks, of which the first sees that the file was changed. */
    private static void lookForASecond(ConfiguredLimits limits) {
        for (int i = 0; i < 4; i++) {
            limits.look();
        }
    }

    private static String egress(LocalDateTime local) {
        int minute = local.getHour() * 60 + local.getMinute();
        int day = local.getDayOfWeek().getValue();
        if (day == 7 && minute >= 90 && minute < 210) {
            return "pause";
        }
        if (day <= 5 && minute >= 420 && minute < 1140) {
            return "8MB/s";
        }
        return minute >= 1080 && minute < 1380 ? "20MB/s" : "40MB/s";
    }

    @Test
    void theRightLimitHoldsInEachMinuteOfAWeekInWhichTheClockIsChanged() {
        write(HOURS);
        Instant start =
                LocalDateTime.parse("2026-03-05T00:00:00").atZone(CHICAGO).toInstant();
        var time = new ManualTime(start);
        Settings settings = settings(time);

        try (ConfiguredLimits limits = limits(settings)) {
            for (int minute = 0; minute < 7 * 1440; minute++) {
                limits.look();
                assertThat(settings.governor().limits().toString())
                        .isEqualTo("network.egress=" + egress(LocalDateTime.ofInstant(time.now(), CHICAGO)));
                time.advance(Duration.ofMinutes(1));
            }
        }

        assertThat(changes()).anySatisfy(change -> {
            assertThat(change.rule()).isEqualTo("window blackout");
            assertThat(change.before()).isEqualTo("network.egress=40MB/s");
            assertThat(change.now()).isEqualTo("network.egress=pause");
            assertThat(change.actor()).isEqualTo(new Actor("calendar", "backup01", null, null));
            // 01:30, before the clock was put on at 02:00.
            assertThat(change.time()).isEqualTo(Instant.parse("2026-03-08T07:30:00Z"));
        });
        assertThat(changes())
                .anySatisfy(change -> assertThat(change.time()).isEqualTo(Instant.parse("2026-03-08T08:30:00Z")));
    }

    @Test
    void aChangedFileHoldsWithinASecondAndItIsSaidWhoseItIs() throws IOException {
        write("governor: {limits: {disk.read: 40MB/s}}\n");
        Settings settings = settings(new ManualTime());

        try (ConfiguredLimits limits = limits(settings)) {
            lookForASecond(limits);
            assertThat(events.all()).isEmpty();
            write("governor: {limits: {disk.read: 8MB/s, cpu: 0.5}, weights: {full: 3}}\n");
            lookForASecond(limits);

            assertThat(settings.governor().limits()).isEqualTo(Limits.parse(List.of("disk.read=8MB/s", "cpu=0.5")));
            assertThat(changes()).singleElement().satisfies(change -> {
                assertThat(change.rule()).isEqualTo("configuration");
                assertThat(change.before()).isEqualTo("disk.read=40MB/s");
                assertThat(change.now()).isEqualTo("cpu=0.5 disk.read=8MB/s");
                assertThat(change.actor().name()).isEqualTo(Files.getOwner(file).getName());
                assertThat(change.actor().host()).isEqualTo("backup01");
            });

            // As editors do it: another file in its place.
            Path other = Files.writeString(temp.resolve("other"), "state: /srv/state\n");
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
            lookForASecond(limits);
            assertThat(settings.governor().limits().isEmpty()).isTrue();
        }
    }

    @Test
    void aFileWithAnErrorIsRefusedAndWhatHeldStays() throws IOException {
        write("governor: {limits: {disk.read: 40MB/s}}\n");
        Settings settings = settings(new ManualTime());
        Limits before = Limits.parse(List.of("disk.read=40MB/s"));

        try (ConfiguredLimits limits = limits(settings)) {
            write("state: /srv/state\ngovernor: {limits: {disk.raed: 8MB/s}}\n");
            lookForASecond(limits);
            assertThat(settings.governor().limits()).isEqualTo(before);
            Files.delete(file);
            lookForASecond(limits);
            assertThat(settings.governor().limits()).isEqualTo(before);

            assertThat(events.all())
                    .hasSize(2)
                    .allSatisfy(event -> assertThat(event)
                            .isInstanceOfSatisfying(
                                    BackupEvent.Found.class,
                                    found -> assertThat(found.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID)))
                    .first()
                    .isInstanceOfSatisfying(BackupEvent.Found.class, found -> {
                        assertThat(found.facts().open()).containsEntry("line", "2");
                        assertThat(found.facts().toString()).doesNotContain(temp.toString());
                    });

            write("governor: {limits: {disk.read: 9MB/s}}\n");
            lookForASecond(limits);
            assertThat(settings.governor().limits().toString()).isEqualTo("disk.read=9MB/s");
        }
    }

    @Test
    void whatThisProcessCannotKeepIsRefusedBeforeTheWindowOpens() {
        write("governor: {limits: {disk.read: 40MB/s}}\n");
        Settings settings = settings(new ManualTime());

        try (ConfiguredLimits limits = limits(settings)) {
            write("""
                governor:
                  limits: {disk.read: 8MB/s}
                  windows:
                    - {name: later, from: "12:00", to: "13:00", limits: {memory: 1MiB}}
                """);
            lookForASecond(limits);

            assertThat(settings.governor().limits().toString()).isEqualTo("disk.read=40MB/s");
            assertThat(events.of(BackupEvent.Found.class)).hasSize(1);
        }
        assertThatThrownBy(() -> limits(settings(new ManualTime()))).hasMessageContaining("memory=1MiB");
    }

    @Test
    void aFileThatIsStillBeingWrittenIsNotRead() {
        write("governor: {limits: {disk.read: 40MB/s, cpu: 1}}\n");
        Settings settings = settings(new ManualTime());

        try (ConfiguredLimits limits = limits(settings)) {
            lookForASecond(limits);
            write("governor:\n  limits:\n    cpu: 1\n");
            limits.look();
            write("governor:\n  limits:\n    cpu: 1\n    disk.read: 8MB/s\n");
            lookForASecond(limits);

            assertThat(changes())
                    .singleElement()
                    .satisfies(change -> assertThat(change.now()).isEqualTo("cpu=1.0 disk.read=8MB/s"));
        }
    }

    @Test
    void whatCannotBeRecordedHoldsAndIsRecordedLater() {
        write("governor: {limits: {disk.read: 40MB/s}}\n");
        Settings settings = settings(new ManualTime());
        var broken = new java.util.concurrent.atomic.AtomicBoolean(true);
        EventSink sink = event -> {
            if (broken.get()) {
                throw ErrorCode.STATE_UNUSABLE.because("the disk is full");
            }
            events.accept(event);
        };
        var limits = new ConfiguredLimits(settings, new LimitRecord(settings, sink));
        limits.look();
        write("governor: {limits: {disk.read: 8MB/s}}\n");
        limits.look();

        assertThatThrownBy(limits::look).hasMessageContaining("the disk is full");
        assertThat(settings.governor().limits().toString()).isEqualTo("disk.read=8MB/s");
        assertThatThrownBy(limits::close).hasMessageContaining("the disk is full");
        broken.set(false);
        limits.close();
        assertThat(changes()).hasSize(1);
    }

    @Test
    void theProductFollowsTheFileByItselfAndTheAuditTrailHasIt() throws Exception {
        write("governor: {limits: {disk.read: 40MB/s}}\n");
        Settings settings = settings(new ManualTime());
        Governor governor = settings.governor();
        try (Site site = new Site(temp, settings)) {
            assertThat(governor.limits().toString()).isEqualTo("disk.read=40MB/s");
            write("governor: {limits: {disk.read: 8MB/s}}\n");
            long begun = System.nanoTime();
            while (site.events.of(BackupEvent.LimitChanged.class).isEmpty()) {
                Thread.sleep(10);
            }

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
            assertThat(governor.limits().toString()).isEqualTo("disk.read=8MB/s");
            assertThat(site.audit().toString())
                    .contains(
                            "\"action\":\"limit-changed\"",
                            "\"old\":\"disk.read=40MB/s\"",
                            "\"new\":\"disk.read=8MB/s\"");
        }
    }

    @Test
    void aLimitOfTheCommandCountsBesideThoseOfTheFile() {
        write("governor: {limits: {disk.read: 40MB/s, cpu: 1}}\n");
        Settings settings = settings(new ManualTime()).limitedTo(Limits.parse(List.of("disk.read=8MB/s")));
        try (ConfiguredLimits limits = limits(settings);
                var job = settings.governor().open(WorkClasses.of("backup"), settings.limits())) {
            limits.look();
            assertThat(settings.governor().usage())
                    .filteredOn(usage -> usage.name().equals("disk.read"))
                    .singleElement()
                    .satisfies(usage -> assertThat(usage.limit()).isEqualTo(8_000_000));
            assertThat(job.used(org.medbackup.core.spi.throttle.Throttle.Resource.DISK_READ))
                    .isZero();
        }
    }
}
