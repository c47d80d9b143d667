package org.medbackup.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Deadline;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.corpus.SeededRandom;

/** What a drill says of restored files. */
class RestoredContentTest {

    @TempDir
    Path folder;

    private final SeededRandom random = SeededRandom.of(7);

    private List<Readiness> check() {
        return new RestoredContent().check(folder, Deadline.after(TimeSource.system(), Duration.ofMinutes(1)));
    }

    private void write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private void ward() throws IOException {
        for (int i = 0; i < 30; i++) {
            write(
                    "letters/" + i + ".txt",
                    ("Dear colleague, " + i + "\n").repeat(60).getBytes(StandardCharsets.UTF_8));
            write("tde/" + i + ".ibd", random.bytes(5000));
        }
        write("medbackup-canary-1.txt", Canary.content(Entropy.system()));
    }

    @Test
    void cleanFilesAreClean() throws IOException {
        ward();
        Files.createSymbolicLink(folder.resolve("link.pdf"), Path.of("letters/1.txt"));

        assertThat(check()).hasSize(2).allMatch(Readiness::ok);
        assertThat(check().getFirst().message())
                .isEqualTo("0 of 30 files whose names promise a format look random; 30 of 60 files look random at all");
    }

    @Test
    void whatWasSweptIsFoundAndNotNamed() throws IOException {
        ward();
        for (int i = 0; i < 5; i++) {
            write("letters/" + i + ".txt", random.bytes(3000));
        }
        byte[] canary = Files.readAllBytes(folder.resolve("medbackup-canary-1.txt"));
        canary[700] ^= 1;
        Files.write(folder.resolve("medbackup-canary-1.txt"), canary);

        assertThat(check()).hasSize(2).noneMatch(Readiness::ok).allSatisfy(each -> {
            assertThat(each.remedy()).isNotBlank();
            assertThat(each.toString()).doesNotContain("letters", ".txt");
        });
    }

    @Test
    void oneOddFileIsNoSweep() throws IOException {
        ward();
        write("letters/odd.txt", random.bytes(3000));

        assertThat(check()).allMatch(Readiness::ok);
    }

    @Test
    void whatCouldNotBeLookedAtIsSaid() throws IOException {
        ward();
        var late = new RestoredContent().check(folder, Deadline.after(TimeSource.system(), Duration.ZERO));

        assertThat(late)
                .filteredOn(each -> each.name().equals("all-files-looked-at"))
                .hasSize(1);
        assertThat(late.getLast().ok()).isFalse();
    }

    @Test
    void aFolderThatIsNotThereIsNoCleanOne() {
        var gone = new RestoredContent()
                .check(folder.resolve("gone"), Deadline.after(TimeSource.system(), Duration.ofMinutes(1)));

        assertThat(gone.getLast().ok()).isFalse();
    }

    @Test
    void aCanaryProvesItselfAndNothingShorterDoes() {
        byte[] content = Canary.content(Entropy.system());

        assertThat(Canary.isIntact(content)).isTrue();
        content[3]++;
        assertThat(Canary.isIntact(content)).isFalse();
        assertThat(Canary.isIntact(new byte[10])).isFalse();
    }
}
