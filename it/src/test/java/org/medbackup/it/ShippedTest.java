package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;

/** What is shipped is what its lists say, under licences that a hospital may use. */
class ShippedTest {

    private static final Path DIST = Modules.ROOT.resolve("cli/target/dist");
    private static final Path BILL = DIST.resolve("medbackup.cdx.json");
    private static final Set<String> LICENCES = Set.of(
            "Apache-2.0",
            "MIT",
            "MIT-0",
            "0BSD",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "EPL-2.0",
            "LGPL-2.1-or-later",
            "EDL-1.0",
            "UPL-1.0",
            "CC0-1.0");
    private static final Pattern LINE = Pattern.compile(" +\\(([^)]+)\\) .*\\([^:]+:([^:]+):([^ ]+) - .*\\)");

    private static List<Matcher> thirdParties() throws IOException {
        return Files.readAllLines(DIST.resolve("THIRD-PARTY.txt")).stream()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .toList();
    }

    private static Set<String> jars() throws IOException {
        try (Stream<Path> jars = Files.list(DIST.resolve("lib"))) {
            return jars.map(jar -> jar.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void everyLibraryOfOthersIsListedUnderALicenceThatAHospitalMayUse() throws IOException {
        Set<String> others = new TreeSet<>(jars());
        others.removeIf(jar -> jar.startsWith("medbackup-"));
        others.addAll(inside());

        assertThat(thirdParties()).allSatisfy(each -> assertThat(LICENCES).contains(each.group(1)));
        assertThat(thirdParties().stream().map(each -> each.group(2) + "-" + each.group(3) + ".jar"))
                .containsExactlyInAnyOrderElementsOf(others);
    }

    /** Libraries whose classes one of our own jars holds, since as jars of their own they share packages. */
    private static Set<String> inside() throws IOException {
        try (var jar =
                new JarFile(DIST.resolve("lib/medbackup-expressions-0.1.0.jar").toFile())) {
            assertThat(jar.stream().map(JarEntry::getName)).contains("dev/cel/runtime/CelRuntime.class");
        }
        return Stream.of("cel", "common", "compiler", "protobuf", "runtime", "v1alpha1")
                .map(name -> name + "-0.14.0.jar")
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Maven does not make the bill where it is told to stay off the network. */
    @Test
    void theBillOfMaterialsNamesEveryJarThatIsShipped() throws IOException {
        boolean offline = Boolean.getBoolean("build.offline");
        assertThat(Files.exists(BILL)).isEqualTo(!offline);
        if (!offline) {
            Set<String> named = Json.parseMembers(Files.readString(BILL)).items("components").stream()
                    .map(JsonValue.Members.class::cast)
                    .map(each -> each.text("name") + "-" + each.text("version") + ".jar")
                    .collect(Collectors.toCollection(TreeSet::new));
            named.add("medbackup-cli-0.1.0.jar");
            Set<String> shipped = jars();
            shipped.addAll(inside());
            assertThat(named).isEqualTo(shipped);
        }
    }
}
