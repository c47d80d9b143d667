package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.JsonValue;

/** The launcher's script and the program that it starts, as a shell sees them. */
class LauncherTest {

    @TempDir
    Path temp;

    private Program program;

    @BeforeEach
    void makeFolder() throws IOException {
        program = new Program(Files.createDirectory(temp.resolve("work")));
    }

    @Test
    void theVersionIsToldAtOnceAndNothingIsBuilt() {
        Program.Ended ended = program.run("--version").with(0);

        assertThat(ended.out()).isEqualTo("medbackup 0.1.0\n");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void aWrongCallIsToldInTwoLines() {
        Program.Ended ended = program.run("snapshots", "--no-such").with(2);

        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("medbackup: ").contains("--no-such"),
                        line -> assertThat(line).startsWith("  "));
    }

    @Test
    void aWorkingDayEndsWithTheCodesOfTheContract() throws IOException {
        Path letter = program.folder.resolve("papers/letter ü.txt");
        Files.createDirectories(letter.getParent());
        Files.writeString(letter, "Sehr geehrte Frau Kollegin");

        program.run("init").with(0);
        program.run("init").with(2);
        JsonValue.Members made =
                program.run("backup", "papers", "--json").with(0).json();
        assertThat(program.run("dump", "latest", letter.toString()).with(0).out())
                .isEqualTo("Sehr geehrte Frau Kollegin");
        assertThat(program.run("ls", made.text("snapshot").substring(0, 8), "--recursive")
                        .with(0)
                        .out())
                .contains("letter ü.txt");
        Files.writeString(program.folder.resolve("repository/format.2"), "rubbish");
        Program.Ended damage = program.run("verify", "--json").with(5);
        assertThat(damage.json().values()).containsEntry("ok", new JsonValue.Truth(false));
        program.run("audit", "verify").with(0);
        program.with("MEDBACKUP_PASSWORD", "wrong").run("stats").with(2);
        program.run("stats", "--state", letter.resolve("below").toString()).with(1);
    }

    @Test
    void theGovernorIsMeasuredBesideTheLimitersOfOthersWhichAreNotShipped() throws IOException {
        JsonValue.Members details = program.run("bench", "governor", "--quick", "--json")
                .with(0)
                .json()
                .members("details");

        for (String limiter : List.of("medbackup", "guava", "bucket4j", "resilience4j")) {
            assertThat(details.values()).containsKey(limiter + ".10MB/s.4 threads.highest");
        }
        try (var jars = Files.list(Modules.ROOT.resolve("cli/target/dist/lib"))) {
            // Guava is there for the conditions of policies.
            assertThat(jars)
                    .noneMatch(jar ->
                            jar.getFileName().toString().matches("(bucket4j|resilience4j|medbackup-bench-peers).*"));
        }
    }

    @Test
    void aLinkToTheLauncherWorks() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("mb"), Modules.ROOT.resolve("medbackup"));

        Process process = new ProcessBuilder(link.toString(), "--version").start();

        assertThat(new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .startsWith("medbackup ");
    }

    @Test
    void withoutAJdkTheLauncherSaysWhatToInstall() throws IOException {
        Path installation = Program.copy(temp.resolve("installation"));
        // Its own search finds nothing where every place is empty.
        String script =
                Files.readString(installation.resolve("dev/find-jdk")).replaceAll("/usr/lib(64)?/jvm/", "/nowhere/");
        Files.writeString(installation.resolve("dev/find-jdk"), script);
        ProcessBuilder builder =
                new ProcessBuilder(installation.resolve("medbackup").toString(), "--version");
        builder.environment().put("JAVA_HOME", "/nowhere");
        builder.environment().put("PATH", tools(temp.resolve("tools")));

        Process process = builder.start();
        String err = new String(process.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(err).startsWith("medbackup: no JDK 25 or newer was found").contains("apt-get install");
        assertThat(process.onExit().join().exitValue()).isEqualTo(2);
    }

    /** With a driver there the database does not answer; without one it is said where to put it. */
    @Test
    void aDriverThatIsDroppedInIsFound() throws IOException {
        Path drivers = Files.createDirectory(temp.resolve("drivers"));
        Files.writeString(program.folder.resolve("medbackup.yaml"), """
            applications:
              clinic:
                url: oracle://backup@127.0.0.1/CLINIC
                options: {folder: /srv/backup, mode: backup-mode}
            """);
        program.with("MEDBACKUP_PLUGINS", drivers.toString());

        assertThat(program.run("app", "check", "clinic").with(1).err()).contains("ojdbc17.jar", "MEDBACKUP_PLUGINS");
        dropDriver(drivers.resolve("driver.jar"));
        assertThat(program.run("app", "check", "clinic").with(1).err()).contains("The application does not answer");
    }

    private static void dropDriver(Path jar) throws IOException {
        String name = DroppedDriver.class.getName();
        String file = name.replace('.', '/') + ".class";
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                InputStream code = DroppedDriver.class.getResourceAsStream("/" + file)) {
            out.putNextEntry(new JarEntry("META-INF/services/java.sql.Driver"));
            out.write(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            out.putNextEntry(new JarEntry(file));
            Objects.requireNonNull(code).transferTo(out);
        }
    }

    /** A folder with the few programs that the launcher itself uses, and no Java. */
    private static String tools(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String tool : new String[] {"sh", "dirname", "readlink", "sed"}) {
            for (String place : new String[] {"/usr/bin", "/bin"}) {
                if (Files.exists(Path.of(place, tool)) && !Files.exists(folder.resolve(tool))) {
                    Files.createSymbolicLink(folder.resolve(tool), Path.of(place, tool));
                }
            }
        }
        return folder.toString();
    }
}
