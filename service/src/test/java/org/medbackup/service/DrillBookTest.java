package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.HostSeal;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.recovery.learn.DrillRecord;
import org.medbackup.recovery.learn.Lesson;
import org.medbackup.recovery.learn.Limiting;
import org.medbackup.recovery.learn.Regime;
import org.medbackup.recovery.simulate.Stage;
import org.medbackup.testkit.SeededEntropy;

/** What a host keeps of its drills. */
class DrillBookTest {

    private static final Instant BEGAN = Instant.parse("2026-11-28T12:00:00Z");

    @TempDir
    Path state;

    private DrillBook book() {
        return book(new byte[32]);
    }

    private DrillBook book(byte[] key) {
        return new DrillBook(state, new HostSeal(Secret.copyOf(key), DrillBook.PURPOSE, new SeededEntropy(1)));
    }

    private static DrillRecord drill(String id, int day, String target, boolean sound, double actual) {
        Instant began = BEGAN.plus(Duration.ofDays(day));
        return new DrillRecord(
                id,
                began,
                "oncology ward",
                target,
                Regime.ENVELOPED,
                100,
                90,
                110,
                actual,
                sound,
                List.of(new Lesson(
                        began, "records", "files", Stage.RESTORE, Limiting.NOTHING, false, 1e9, 100, actual)));
    }

    @Test
    void whatIsKeptIsFoundAgainInTheOrderOfTheDrills() {
        DrillRecord second = drill("b", 2, "here", true, 105);
        DrillRecord first = drill("a", 1, "here", true, 120);
        book().add(second);
        book().add(first);

        assertThat(book().drills()).containsExactly(first, second);
        assertThat(book().score().within()).isEqualTo(1);
    }

    @Test
    void oneLearnsFromSoundDrillsOfTheSameTargetOnly() {
        book().add(drill("a", 1, "here", true, 150));
        book().add(drill("b", 1, "there", true, 100));
        book().add(drill("c", 1, "here", false, 900));

        assertThat(book().drills("here")).isEqualTo(1);
        double factor = book().experience("here", BEGAN.plus(Duration.ofDays(2)))
                .restore(Limiting.NOTHING, false)
                .factor();
        assertThat(factor).isBetween(1.2, 1.5);
        assertThat(book().experience("elsewhere", BEGAN).size()).isZero();
    }

    @Test
    void whatCannotBeReadTeachesNothingAndStopsNothing() throws IOException {
        book().add(drill("a", 1, "here", true, 150));
        Files.write(state.resolve("drill-book/b"), new byte[100]);
        byte[] other = new byte[32];
        other[0] = 1;

        assertThat(book().drills()).hasSize(1);
        assertThat(book(other).drills()).isEmpty();
    }

    @Test
    void noNameLiesOnTheDiskInClear() throws IOException {
        book().add(drill("a", 1, "here", true, 150));

        try (Stream<Path> files = Files.walk(state)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain("oncology")
                        .doesNotContain("records");
            }
        }
    }

    @Test
    void aFolderThatCannotBeWrittenToIsTold() throws IOException {
        Files.createFile(state.resolve("drill-book"));

        assertThat(Site.failure(ErrorCode.STATE_UNUSABLE, () -> book().add(drill("a", 1, "here", true, 1))))
                .isNotNull();
        assertThat(Site.failure(ErrorCode.STATE_UNUSABLE, () -> book().drills()))
                .isNotNull();
    }

    @Test
    void targetsAreToldApartByRepositoryAndFileSystem() {
        assertThat(DrillBook.target("/srv/a", state))
                .isEqualTo(DrillBook.target("/srv/a", state.resolve("not/there/yet")))
                .isNotEqualTo(DrillBook.target("/srv/b", state))
                .hasSize(16);
    }
}
