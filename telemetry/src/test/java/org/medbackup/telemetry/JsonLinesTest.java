package org.medbackup.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.telemetry.JsonLines.Level;

class JsonLinesTest {

    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    static final Actor RAJ = new Actor("raj", "backup01", "a reason", null);
    static final Facts FACTS = Facts.of("job", "nightly").andVeiled("path", "/srv/patients/meier");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private List<Members> lines() {
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(Json::parseMembers)
                .toList();
    }

    static List<BackupEvent> everyKind() {
        return List.of(
                new BackupEvent.Started(NOON, "1", "job", RAJ, FACTS),
                new BackupEvent.Progress(NOON, "1", 1, 2, -1, -1),
                new BackupEvent.Found(NOON, "1", ErrorCode.SOURCE_UNREADABLE, FACTS),
                new BackupEvent.Found(NOON, "1", ErrorCode.OBJECT_DAMAGED, Facts.NONE),
                new BackupEvent.LimitChanged(NOON, "1", RAJ, "set", "", "cpu=0.5"),
                new BackupEvent.PhaseEnded(NOON, "1", "scan", Outcome.INCOMPLETE, Duration.ofMillis(1500), FACTS),
                new BackupEvent.Ended(
                        NOON, "1", "job", RAJ, Outcome.FAILURE, ErrorCode.NO_SPACE, Duration.ofSeconds(90), FACTS),
                new BackupEvent.Ended(NOON, "1", "job", RAJ, Outcome.SUCCESS, null, Duration.ofSeconds(90), FACTS));
    }

    @Test
    void eachEventIsALineWithItsLevelAndTrace() {
        var sink = new JsonLines(out, Level.DEBUG);
        everyKind().forEach(sink::accept);

        assertThat(lines())
                .extracting(line -> line.text("level") + " " + line.text("event"))
                .containsExactly(
                        "INFO started",
                        "DEBUG progress",
                        "WARN found",
                        "ERROR found",
                        "INFO limit-changed",
                        "WARN phase-ended",
                        "ERROR ended",
                        "INFO ended");
        assertThat(lines()).allSatisfy(line -> {
            assertThat(line.text("time")).isEqualTo("2026-03-01T12:00:00Z");
            assertThat(line.text("operation")).isEqualTo("1");
            assertThat(line.text("trace")).isEqualTo(TraceIds.of("1")).matches("[0-9a-f]{32}");
        });
        Members failed = lines().get(6);
        assertThat(failed.text("code")).isEqualTo("NO_SPACE");
        assertThat(failed.text("remedy")).isEqualTo(ErrorCode.NO_SPACE.remedy());
        assertThat(failed.find("seconds")).contains(new JsonValue.Decimal(90));
        assertThat(failed.members("facts").text("job")).isEqualTo("nightly");
        assertThat(lines().get(1).whole("totalFiles")).isEqualTo(-1);
        assertThat(lines().get(4).text("now")).isEqualTo("cpu=0.5");
    }

    @Test
    void whatIsVeiledIsNeverWritten() {
        var sink = new JsonLines(out, Level.DEBUG);
        everyKind().forEach(sink::accept);

        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("meier").doesNotContain("a reason");
    }

    @Test
    void whatIsBelowTheLevelIsNotWritten() {
        var sink = new JsonLines(out, Level.ERROR);
        everyKind().forEach(sink::accept);

        assertThat(lines()).hasSize(2);
        assertThat(sink.lost()).isZero();
    }

    @Test
    void whateverAValueHoldsItIsOneLineOfJsonThatHoldsIt() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(20260301);
        for (int run = 0; run < 300; run++) {
            String value = IntStream.range(0, 20)
                    .map(i -> random.nextInt(4) == 0 ? random.nextInt(0x10000) : random.nextInt(0xa0))
                    .collect(StringBuilder::new, (all, c) -> all.append((char) c), StringBuilder::append)
                    .toString();
            out.reset();
            new JsonLines(out, Level.INFO)
                    .accept(new BackupEvent.Started(NOON, "1", "job", RAJ, Facts.of("value", value)));

            String sound = new String(value.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16);
            assertThat(lines()).hasSize(1);
            assertThat(lines().getFirst().members("facts").text("value")).isEqualTo(sound);
        }
    }

    @Test
    void aValueWithoutEndIsCut() {
        new JsonLines(out, Level.INFO)
                .accept(new BackupEvent.Started(NOON, "1", "job", RAJ, Facts.of("value", "x".repeat(50_000))));

        assertThat(lines().getFirst().members("facts").text("value")).hasSize(1000);
    }

    @Test
    void aLogThatCannotBeWrittenKeepsNobodyFromWork() {
        var full = new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        var sink = new JsonLines(full, Level.INFO);
        everyKind().forEach(sink::accept);

        assertThat(sink.lost()).isEqualTo(7);
    }
}
