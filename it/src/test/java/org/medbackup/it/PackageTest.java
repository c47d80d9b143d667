package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package as an administrator installs it: unpacked, with a link in a folder of programs, far from the sources. */
class PackageTest {

    private static final String NAME = "medbackup-0.1.0";
    private static final Path PACKAGE = Modules.ROOT.resolve("cli/target/" + NAME + ".tar.gz");
    private static final int NOBODY = 65_534;
    private static final Pattern LINK = Pattern.compile("]\\(([^):# ]+)[)#]");

    @TempDir
    static Path host;

    private static Path installation = Path.of("/");
    private static Path link = Path.of("/");

    @TempDir
    Path temp;

    private Program program = new Program(Path.of("/"));

    @BeforeAll
    static void install() throws IOException {
        installation = unpack(host.resolve("opt"));
        link = Files.createSymbolicLink(
                Files.createDirectories(host.resolve("usr/bin")).resolve("medbackup"),
                installation.resolve("bin/medbackup"));
    }

    @BeforeEach
    void makeFolder() throws IOException {
        program = Program.installed(Files.createDirectory(temp.resolve("work")), link);
    }

    private static Path unpack(Path folder) throws IOException {
        Files.createDirectories(folder);
        call(0, "tar", "-xzf", PACKAGE.toString(), "-C", folder.toString());
        return folder.resolve(NAME);
    }

    /** Both outputs of a program that is no launcher. */
    private static String call(int code, String... words) throws IOException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.onExit().join().exitValue()).as(said).isEqualTo(code);
        return said;
    }

    /** Paths within the installation. */
    private static List<Path> files(Predicate<String> wanted) throws IOException {
        try (Stream<Path> all = Files.walk(installation)) {
            return all.filter(Files::isRegularFile)
                    .map(installation::relativize)
                    .filter(file -> wanted.test(file.toString()))
                    .toList();
        }
    }

    private static String sum(Path file) throws IOException {
        try (InputStream bytes =
                new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            bytes.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of()
                    .formatHex(((DigestInputStream) bytes).getMessageDigest().digest());
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }

    @Test
    void whatIsInstalledBacksUpAndRestoresThroughALinkFromAnotherFolder() {
        Path papers = program.folder.resolve("papers");
        Papers.write(papers.resolve("ward 3/x-ray.bin"), 1, 3);
        Papers.write(papers.resolve("letter.bin"), 2, 1);

        assertThat(program.run("--version").with(0).out()).isEqualTo("medbackup 0.1.0\n");
        program.run("init").with(0);
        program.run("backup", "papers").with(0);
        program.run("restore", "latest:" + papers, "--target", "restored").with(0);

        assertThat(Papers.sums(program.folder.resolve("restored"))).hasSize(2).isEqualTo(Papers.sums(papers));
    }

    @Test
    void whatAnAdministratorLooksForIsThere() throws IOException {
        assertThat(files(file -> true).stream().map(Path::toString))
                .contains(
                        "LICENSE",
                        "THIRD-PARTY.txt",
                        "bin/medbackup",
                        "bin/medbackup-prepare",
                        "docs/installation.md",
                        "docs/operations.md",
                        "docs/mib/MEDBACKUP-MIB.txt",
                        "docs/monitoring/medbackup-alerts.yaml",
                        "docs/monitoring/medbackup-dashboard.json",
                        "docs/openapi.json",
                        "lib/medbackup-cli-0.1.0.jar",
                        "systemd/medbackup.service",
                        "systemd/medbackup-job@.service",
                        "systemd/medbackup-job@.timer");
        // As of the lists of what is shipped, Maven makes the bill of materials only where it may use the network.
        assertThat(Files.exists(installation.resolve("medbackup.cdx.json")))
                .isEqualTo(Files.exists(Modules.ROOT.resolve("cli/target/dist/medbackup.cdx.json")));
    }

    @Test
    void everyFileIsListedWithItsSum() throws IOException {
        SortedMap<String, String> sums = new TreeMap<>();
        for (Path file : files(file -> !file.equals("SHA256SUMS") && !file.equals("start.aot"))) {
            sums.put(file.toString(), sum(installation.resolve(file)));
        }

        assertThat(Files.readAllLines(installation.resolve("SHA256SUMS")))
                .containsExactlyElementsOf(sums.entrySet().stream()
                        .map(entry -> entry.getValue() + "  " + entry.getKey())
                        .toList());
    }

    @Test
    void everythingBelongsToRootAndIsReadableByAll() throws IOException {
        List<String> lines = call(0, "tar", "--numeric-owner", "-tvzf", PACKAGE.toString())
                .lines()
                .toList();

        assertThat(lines).hasSizeGreaterThan(100).allMatch(line -> line.matches("[d-]rw[x-]r-[x-]r-[x-] 0/0 .*"));
    }

    @Test
    void noScriptAndNoListKnowsTheMachineThatBuiltIt() throws IOException {
        List<String> ofThisMachine = List.of(
                Modules.ROOT.toString(), System.getProperty("java.home"), System.getProperty("user.home") + "/.m2");

        for (Path file :
                files(file -> file.matches("(bin|libexec)/.*|SHA256SUMS|THIRD-PARTY.txt|medbackup.cdx.json"))) {
            String text = Files.readString(installation.resolve(file));
            assertThat(ofThisMachine).as(file.toString()).noneMatch(text::contains);
        }
    }

    @Test
    void everyLinkOfAPageLeadsToWhatIsInstalled() throws IOException {
        var lost = new ArrayList<String>();
        int found = 0;
        for (Path file : files(file -> file.endsWith(".md"))) {
            Path page = installation.resolve(file);
            for (Matcher each = LINK.matcher(Files.readString(page)); each.find(); found++) {
                if (!Files.exists(page.resolveSibling(each.group(1)))) {
                    lost.add(file + ": " + each.group(1));
                }
            }
        }

        assertThat(lost).isEmpty();
        assertThat(found).isGreaterThan(50);
    }

    @Test
    void theUnitsStartWhatTheInstallationLinks() throws IOException {
        String page = Files.readString(installation.resolve("docs/installation.md"));

        assertThat(page)
                .contains("ln -s /opt/medbackup/bin/medbackup /usr/bin/medbackup")
                .contains("ln -s /opt/medbackup/docs /usr/share/doc/medbackup");
        for (Path unit : files(file -> file.startsWith("systemd/") && file.endsWith(".service"))) {
            assertThat(Files.readAllLines(installation.resolve(unit)))
                    .as(unit.toString())
                    .contains("Documentation=file:/usr/share/doc/medbackup/monitoring.md")
                    .filteredOn(line -> line.startsWith("ExecStart="))
                    .singleElement()
                    .asString()
                    .startsWith("ExecStart=/usr/bin/medbackup ");
        }
    }

    @Test
    void whereNoJavaIsFoundItIsSaidWhatToInstall() throws IOException {
        Path other = unpack(temp.resolve("other"));
        // Its own search finds nothing where every place is empty.
        Path search = other.resolve("libexec/find-jdk");
        Files.writeString(search, Files.readString(search).replaceAll("/usr/lib(64)?/jvm/", "/nowhere/"));
        Path tools = tools();

        for (String name : List.of("medbackup", "medbackup-prepare")) {
            Program.Ended ended = Program.installed(
                            program.folder, other.resolve("bin").resolve(name))
                    .with("JAVA_HOME", "/nowhere")
                    .with("PATH", tools.toString())
                    .run("--version")
                    .with(2);

            assertThat(ended.out()).isEmpty();
            assertThat(ended.err().lines())
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("medbackup: no Java 25 or newer was found"),
                            line -> assertThat(line).startsWith("  Install one").contains("apt-get install"));
        }
    }

    /** Runtimes for servers come without javac. */
    @Test
    void aJavaWithoutItsCompilerIsEnough() throws IOException {
        Path java = Path.of(System.getProperty("java.home"));
        Path runtime = Files.createDirectories(temp.resolve("runtime"));
        Files.copy(java.resolve("release"), runtime.resolve("release"));
        Files.createSymbolicLink(
                Files.createDirectory(runtime.resolve("bin")).resolve("java"), java.resolve("bin/java"));

        program.with("JAVA_HOME", runtime.toString()).with("PATH", tools().toString());

        assertThat(program.run("--version").with(0).out()).isEqualTo("medbackup 0.1.0\n");
    }

    /** Java ends where it must have a cache that it cannot use, and passes over it in silence otherwise. */
    @Test
    void onceItIsPreparedTheProgramStartsWithItsCacheUntilItIsMoved() throws IOException {
        Path prepared = unpack(temp.resolve("prepared"));
        Path prepare = Files.createSymbolicLink(temp.resolve("prepare"), prepared.resolve("bin/medbackup-prepare"));

        String said = Program.installed(program.folder, prepare).run().with(0).out();
        assertThat(said).startsWith("medbackup-prepare: the program starts quickly with ");
        Program there = Program.installed(program.folder, prepared.resolve("bin/medbackup"));
        there.with("JDK_JAVA_OPTIONS", "-XX:AOTMode=on").run("--version").with(0);
        call(0, "sh", "-c", "cd " + prepared + " && sha256sum --quiet --check SHA256SUMS");

        Path moved = Files.move(prepared, temp.resolve("moved"));
        Program elsewhere = Program.installed(program.folder, moved.resolve("bin/medbackup"));
        Program.Ended ended = elsewhere.run("--version").with(0);
        assertThat(ended.out()).isEqualTo("medbackup 0.1.0\n");
        assertThat(ended.err()).isEmpty();
        elsewhere.with("JDK_JAVA_OPTIONS", "-XX:AOTMode=on").run("--version").with(1);
    }

    @Test
    void whoMayNotWriteThereIsToldSoAndTheProgramWorksAsBefore() throws IOException {
        Path open = Files.createTempDirectory("medbackup-it-");
        try {
            call(0, "chmod", "755", open.toString());
            Path closed = unpack(open.resolve("opt"));
            Path folder = Files.createDirectory(open.resolve("work"));
            Files.setAttribute(folder, "unix:uid", NOBODY);

            Program.Ended refused = Program.unprivileged(folder, closed.resolve("bin/medbackup-prepare"), NOBODY)
                    .run()
                    .with(1);

            assertThat(refused.err()).contains("cannot be written to", "as the owner of this folder");
            assertThat(closed.resolve("start.aot")).doesNotExist();
            Program.unprivileged(folder, closed.resolve("bin/medbackup"), NOBODY)
                    .run("--version")
                    .with(0);
        } finally {
            call(0, "rm", "-rf", open.toString());
        }
    }

    /** A folder with the few programs that the launcher itself uses, and no Java. */
    private Path tools() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("tools"));
        for (String tool : List.of("sh", "dirname", "readlink", "sed")) {
            Files.createSymbolicLink(
                    folder.resolve(tool), Path.of("/usr/bin", tool).toRealPath());
        }
        return folder;
    }
}
