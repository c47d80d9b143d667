package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.store.StoreProvider;

/** {@code kill -9} at each stage of a drill: the next one finds what is left and takes all of it away. */
@Timeout(300)
class KilledDrillTest {

    private static DrilledSite clinic;

    @BeforeAll
    static void backUp() {
        clinic = new DrilledSite();
    }

    @AfterAll
    static void remove() {
        clinic.close();
    }

    /** Where a drill is killed. */
    enum Stage {
        /** What is measured for the prediction is in the drill's folder. */
        PREDICTION,
        /** The database's files come back. */
        RESTORE,
        /** The restored server starts. */
        REPLAY,
        /** It runs, and a program of a check beside it. */
        CHECK,
        /** It is over, and is being taken away. */
        CLEANUP
    }

    private static boolean isReached(Stage stage, Path drill) {
        Path version = drill.resolve("records").resolve(relative("PG_VERSION"));
        Path checking = drill.resolve("records/checking");
        return switch (stage) {
            case PREDICTION -> !named(drill, ".medbackup-probe-").isEmpty();
            case RESTORE -> Files.exists(version);
            case REPLAY -> Files.exists(run(drill).resolve("0/postgresql.log"));
            case CHECK -> Files.exists(checking);
            case CLEANUP ->
                Files.exists(clinic.folder.resolve("checked"))
                        && (Files.notExists(checking) || Files.notExists(version));
        };
    }

    private static String id(Path drill) {
        return drill.getFileName().toString().substring("medbackup-drill-".length());
    }

    private static Path run(Path drill) {
        Path near = drill.resolve(".r");
        return Files.exists(near) ? near : Path.of("/tmp", "mbd-" + id(drill));
    }

    private static Path relative(String file) {
        return Path.of("/").relativize(clinic.database.data().resolve(file));
    }

    private static List<Path> named(Path folder, String prefix) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(each -> each.getFileName().toString().startsWith(prefix))
                    .toList();
        } catch (IOException | UncheckedIOException notYet) {
            return List.of();
        }
    }

    /** A folder of a class path that names the adapters, which modules name by themselves. */
    private static Path adapters() throws IOException {
        Path services = Files.createDirectories(clinic.folder.resolve("adapters/META-INF/services"));
        for (Class<?> each : List.of(StoreProvider.class, ApplicationProvider.class)) {
            Files.write(services.resolve(each.getName()), names(each));
        }
        return clinic.folder.resolve("adapters");
    }

    private static List<String> names(Class<?> port) {
        var loaded = port == StoreProvider.class
                ? ServiceLoader.load(StoreProvider.class).stream()
                : ServiceLoader.load(ApplicationProvider.class).stream();
        return loaded.map(each -> each.type().getName()).toList();
    }

    private static Process drilling(Stage stage) throws IOException {
        String last = stage == Stage.CHECK ? "{kind: command, command: sleep 200}" : "{kind: hashes}";
        Path plan = clinic.plan("""
                name: clinic
                envelope: {parallel: 1, write: 40MiB/s}
                applications:
                  records:
                    job: records
                    objectives: {rto: 1h}
                    checks:
                      - {kind: command, command: touch checking}
                      - {kind: command, command: touch %s}
                      - %s
                """.formatted(clinic.folder.resolve("checked"), last));
        String modules = System.getProperty("jdk.module.path", "");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        adapters() + ":" + System.getProperty("java.class.path")
                                + (modules.isEmpty() ? "" : ":" + modules),
                        KilledDrillTest.class.getName(),
                        clinic.folder.toString(),
                        plan.toString(),
                        clinic.scratch().toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("RECORDS", clinic.database.password());
        return builder.start();
    }

    /** The drill that is killed. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        String password = Objects.requireNonNull(System.getenv("RECORDS"));
        try (var site = new Site(folder, DrilledSite.settings(folder, password))) {
            site.product.drills().run(site.reading(), Path.of(arguments[1]), Path.of(arguments[2]));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNextDrillTakesAwayWhatIsLeft(Stage stage) throws Exception {
        Files.deleteIfExists(clinic.folder.resolve("checked"));
        String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
        Process killed = drilling(stage);
        Path drill = null;
        try {
            while (drill == null || !isReached(stage, drill)) {
                assertThat(killed.isAlive()).as("%s is reached", stage).isTrue();
                Optional<Path> found =
                        named(clinic.scratch(), "medbackup-drill-").stream().findFirst();
                drill = found.orElse(drill);
            }
        } finally {
            killed.destroyForcibly().waitFor();
        }
        String id = id(drill);

        DrillResult next =
                clinic.drill("name: letters\napplications: {letters: {job: documents, objectives: {rto: 1h}}}\n");

        // It may have been faster at the end.
        assertThat(next.reaped()).isBetween(stage == Stage.CLEANUP ? 0 : 1, 1);
        assertThat(clinic.scratch()).isEmptyDirectory();
        assertThat(clinic.site.state().resolve("drills")).isEmptyDirectory();
        assertThat(DrillProcesses.of(id)).isEmpty();
        assertThat(ProcessHandle.allProcesses()
                        .flatMap(each -> each.info().commandLine().stream())
                        .filter(each -> each.contains(id)))
                .as("servers of it")
                .isEmpty();
        assertThat(named(Path.of("/tmp"), "mbd-" + id)).isEmpty();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).isEqualTo(mounts);
        assertThat(clinic.database.ask("SELECT count(*) FROM visit"))
                .as("the real one goes on")
                .isEqualTo(Integer.toString(DrilledSite.VISITS));
    }
}
