package org.medbackup.testreport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.testreport.fixtures.Endings;
import org.medbackup.testreport.fixtures.Machine;
import org.medbackup.testreport.fixtures.Names;

final class NodeNamesTest {

    private static final String FIXTURES = "src/test/java/org/medbackup/testreport/fixtures/";

    private final SampleBuild build;

    NodeNamesTest(@TempDir Path root) {
        build = new SampleBuild(root);
    }

    @Test
    void aNameIsModuleFileClassesAndMethod() {
        assertThat(names("engine", Endings.Good.class))
                .containsExactlyInAnyOrder(
                        "engine/" + FIXTURES + "Endings.java::Endings::Good::passes",
                        "engine/" + FIXTURES + "Endings.java::Endings::Good::Inside::passesToo");
    }

    @Test
    void aModuleInAFolderKeepsItsFolder() {
        assertThat(names("plugins/store-file", Names.Adapter.class).getFirst())
                .startsWith("plugins/store-file/src/test/java/");
    }

    @Test
    void theModuleThatIsTheRootHasNoPrefix() {
        assertThat(names("", Names.Adapter.class).getFirst()).startsWith("src/test/java/");
    }

    @Test
    void aTestOfAContractBelongsToWhoImplementsIt() {
        assertThat(names("engine", Names.Adapter.class))
                .containsExactly("engine/" + FIXTURES + "Names.java::Names::Adapter::keepsItsPromise");
    }

    @Test
    void invocationsStandInBrackets() {
        assertThat(names("engine", Names.Several.class))
                .contains(several("counts[1-number = 7]"), several("counts[2-number = 8]"))
                .contains(several("seeds[seed=42]"))
                .contains(several("repeats[repetition 1 of 2]"), several("repeats[repetition 2 of 2]"));
    }

    @Test
    void invocationsThatLookTheSameAreNumbered() {
        assertThat(names("engine", Names.Several.class))
                .contains(
                        several("looksTheSame[same]"),
                        several("looksTheSame[same]#2"),
                        several("looksTheSame[same]#3"));
    }

    @Test
    void strangeNamesAreReadableAndSurviveTheFile() {
        assertThat(names("engine", Names.Several.class))
                .anySatisfy(name -> assertThat(name)
                        .contains("strange[\"a")
                        .contains("[31m")
                        .matches(text -> text.chars().noneMatch(Character::isISOControl)))
                .anySatisfy(name -> assertThat(name).contains("\ud800 half"))
                .anySatisfy(name -> assertThat(name).contains("\uD83D\uDE80"));
    }

    @Test
    void theIdentityOfAnObjectIsNoPartOfAName() {
        assertThat(names("engine", Names.Several.class)).contains(several("strange[java.lang.Object]"));
    }

    @Test
    void methodsOfOneNameAreToldApart() {
        assertThat(names("engine", Names.Overloaded.class))
                .containsExactlyInAnyOrder(
                        "engine/" + FIXTURES + "Names.java::Names::Overloaded::tests",
                        "engine/" + FIXTURES + "Names.java::Names::Overloaded::tests#2");
    }

    @Test
    void dynamicTestsStandUnderTheirFactory() {
        assertThat(names("engine", Names.Dynamic.class))
                .containsExactly(
                        "engine/" + FIXTURES + "Names.java::Names::Dynamic::makes[one]",
                        "engine/" + FIXTURES + "Names.java::Names::Dynamic::makes[group][two]");
    }

    @Test
    void aClassThatRunsSeveralTimesHasItsBracketsAtTheEnd() {
        assertThat(names("engine", Names.SeveralClasses.class))
                .containsExactly(
                        "engine/" + FIXTURES + "Names.java::Names::SeveralClasses::works[1-kind = \"memory\"]",
                        "engine/" + FIXTURES + "Names.java::Names::SeveralClasses::works[2-kind = \"disk\"]");
    }

    @Test
    void twoRunsGiveTheSameNames() {
        assertThat(names("engine", Names.Several.class, Names.SeveralClasses.class))
                .isEqualTo(names("engine", Names.Several.class, Names.SeveralClasses.class));
    }

    @Test
    void noFolderOfTheMachineStandsInTheReport() throws Exception {
        var here = Path.of("").toAbsolutePath();
        var settings = new ReportSettings(build.dir(), "engine", here, here, build.run());

        SampleBuild.launch(settings, Machine.Tells.class);

        assertThat(Files.readString(build.dir().resolve("report.json")))
                .contains("cannot read ./pom.xml")
                .doesNotContain(here.toString());
    }

    private static String several(String method) {
        return "engine/" + FIXTURES + "Names.java::Names::Several::" + method;
    }

    private List<String> names(String module, Class<?>... fixtures) {
        var fresh = new SampleBuild(build.root().resolve(String.valueOf(System.nanoTime())));
        return fresh.test(module, fixtures).objects("tests").stream()
                .map(test -> test.text("nodeid"))
                .toList();
    }
}
