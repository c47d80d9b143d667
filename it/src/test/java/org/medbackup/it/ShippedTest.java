package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;

/** What is shipped is what its bill of materials says, under licences that a hospital may use. */
class ShippedTest {

    private static final Path DIST = Modules.ROOT.resolve("cli/target/dist");
    private static final Set<String> LICENCES = Set.of(
            "Apache-2.0", "MIT", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "EPL-2.0", "EDL-1.0", "UPL-1.0", "CC0-1.0");

    private static List<JsonValue.Members> components() throws IOException {
        JsonValue.Members bill = Json.parseMembers(Files.readString(DIST.resolve("medbackup.cdx.json")));
        return bill.items("components").stream()
                .map(JsonValue.Members.class::cast)
                .toList();
    }

    @Test
    void theBillOfMaterialsNamesEveryJarThatIsShipped() throws IOException {
        Set<String> named = components().stream()
                .map(each -> each.text("name") + "-" + each.text("version") + ".jar")
                .collect(Collectors.toCollection(TreeSet::new));
        named.add("medbackup-cli-0.1.0.jar");

        try (Stream<Path> jars = Files.list(DIST.resolve("lib"))) {
            assertThat(jars.map(jar -> jar.getFileName().toString())).containsExactlyInAnyOrderElementsOf(named);
        }
    }

    @Test
    void everyLicenceOfWhatIsShippedIsOneThatAHospitalMayUse() throws IOException {
        assertThat(components())
                .isNotEmpty()
                .allSatisfy(component -> assertThat(component.items("licenses"))
                        .as(component.text("name"))
                        .isNotEmpty()
                        .allSatisfy(licence -> assertThat(LICENCES)
                                .contains(((JsonValue.Members) licence)
                                        .members("license")
                                        .text("id"))));
    }
}
