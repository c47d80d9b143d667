package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.medbackup.core.TimeSource;
import org.medbackup.documents.JsonValue;
import org.medbackup.engine.VerifyLevel;

/** {@code kill -9} at each stage of a job: the next run does what was left to do, and nothing is lost. */
class KilledJobTest {

    @TempDir
    Path temp;

    private Path folder;
    private Path source;
    private Path repository;
    private Path vault;
    private Program program;

    /** Where a run is killed. */
    enum Stage {
        /** It sends what it has read. */
        BACKUP,
        /** Its restore point is there, and is being verified. */
        VERIFICATION,
        /** It is being copied. */
        COPY,
        /** It is copied, and earlier ones are given up. */
        RETENTION
    }

    @BeforeEach
    void begin() throws IOException {
        folder = Files.createDirectory(temp.resolve("work"));
        source = folder.resolve("source");
        repository = folder.resolve("repository");
        vault = folder.resolve("vault");
        Path config = Files.writeString(folder.resolve("medbackup.yaml"), """
                repository: %1$s
                targets:
                  vault: {location: "%2$s"}
                jobs:
                  papers: {paths: ["%3$s"], verify: content, copies: [vault], keep: {last: 2}}
                """.formatted(repository, vault, source));
        program = Program.ofOwner(folder, repository, config);
        for (int day = 1; day <= 2; day++) {
            Papers.write(source.resolve("small"), day, 1);
            program.run("run", "papers").with(0);
        }
    }

    private static Set<String> names(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException | UncheckedIOException goneMeanwhile) {
            return Set.of();
        }
    }

    /** Those of the job; each run adds one of the site itself. */
    private Set<String> restorePoints(Path place) {
        try (var product = new Product(folder, place)) {
            return product.restorePoints();
        }
    }

    private static BooleanSupplier more(Path folder) {
        Set<String> before = names(folder);
        return () -> !before.containsAll(names(folder));
    }

    @ParameterizedTest
    @EnumSource
    void theNextRunDoesWhatWasLeftToDo(Stage stage) throws IOException {
        Papers.write(source.resolve("large"), 3, 64);
        BooleanSupplier reached = switch (stage) {
            case BACKUP -> more(repository.resolve("d"));
            case VERIFICATION -> more(repository.resolve("s"));
            case COPY -> more(vault.resolve("d"));
            case RETENTION -> more(vault.resolve("s"));
        };
        Set<String> committed = restorePoints(repository);
        Program.Running running = program.start("run", "papers", "--json");
        while (!reached.getAsBoolean()) {
            assertThat(running.process().isAlive()).as("%s is reached", stage).isTrue();
            TimeSource.system().sleep(Duration.ofMillis(1));
        }
        running.process().destroyForcibly();
        assertThat(running.end().out()).as("it was killed before its end").isEmpty();

        Program.Ended ended = program.run("run", "papers", "--json").with(0);

        var job = (JsonValue.Members) ended.json().items("jobs").getFirst();
        assertThat(job.text("state")).isEqualTo("SUCCEEDED");
        String last = job.text("snapshot");
        for (Path place : Set.of(repository, vault)) {
            Path restored = temp.resolve("restored-" + place.getFileName());
            try (var product = new Product(folder, place)) {
                assertThat(product.restorePoints()).contains(last);
                assertThat(product.verify(VerifyLevel.CONTENT).damaged()).isEmpty();
                assertThat(product.restore(last, source, restored).failures()).isEmpty();
            }
            assertThat(Papers.sums(restored)).isEqualTo(Papers.sums(source));
        }
        // What had been committed when it was killed is in the vault too, but for what retention has given up since.
        if (stage != Stage.BACKUP) {
            assertThat(restorePoints(repository)).hasSize(2);
            assertThat(restorePoints(vault)).containsAll(restorePoints(repository));
        } else {
            assertThat(committed).hasSize(2);
        }
        program.run("audit", "verify").with(0);
    }
}
