package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.JsonValue;

class ConfigCommandsTest {

    private static final String GOOD = """
        applications:
          ehr:
            url: postgresql://backup@127.0.0.1:1/
          lab:
            url: postgresql://127.0.0.1:2/
        groups:
          both: {members: [ehr, lab]}
        """;

    @TempDir
    Path temp;

    private Shell shell = new Shell(Path.of("."));
    private Path file = Path.of(".");

    @BeforeEach
    void open() {
        shell = new Shell(temp);
        file = temp.resolve("medbackup.yaml");
    }

    private String config(String text) {
        return Shell.write(file, text).toString();
    }

    @Test
    void checkNamesWhatIsWrongWithLineKeyAndRemedy() {
        Shell.Ran ran = shell.run("config", "check", "--config", config("state: 7\nrepositry: x\n"), "--json");

        assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.error()).isEqualTo("CONFIGURATION_INVALID");
        assertThat(ran.json().items("findings"))
                .hasSize(2)
                .allSatisfy(finding -> assertThat(((JsonValue.Members) finding).values())
                        .containsOnlyKeys("severity", "line", "key", "message", "remedy"));
        JsonValue.Members second =
                (JsonValue.Members) ran.json().items("findings").getLast();
        assertThat(second.whole("line")).isEqualTo(2);
        assertThat(second.text("key")).isEqualTo("repositry");
        assertThat(second.text("remedy")).isEqualTo("Did you mean repository?");
        assertThat(shell.run("config", "check", "--config", file.toString()).out())
                .contains("line 2, repositry");
    }

    @Test
    void checkOfAGoodFileEndsWell() {
        assertThat(shell.json("config", "check", "--config", config(GOOD)).items("findings"))
                .isEmpty();
        shell.environment.put("MEDBACKUP_CONFIG", file.toString());
        shell.run("config", "check").endsWith(0);
    }

    @Test
    void explainSaysWhereEachValueComesFrom() {
        JsonValue.Members json = shell.json("config", "explain", "--config", config(GOOD), "--state", "/srv/x");

        assertThat(json.items("values").stream()
                        .map(value -> (JsonValue.Members) value)
                        .map(value -> value.text("key") + " " + value.text("value") + " " + value.text("origin")))
                .contains(
                        "state /srv/x option --state",
                        "password env:MEDBACKUP_PASSWORD variable MEDBACKUP_PASSWORD",
                        "applications.ehr.url postgresql://backup@127.0.0.1:1/ " + file + ":3");
        assertThat(text(json)).doesNotContain(Shell.PASSWORD);
    }

    private static String text(JsonValue value) {
        return org.medbackup.documents.Json.write(value);
    }

    @Test
    void applicationsAreListedAndMeantByTheirNames() {
        String config = config(GOOD);
        JsonValue.Members json = shell.json("app", "list", "--config", config);

        assertThat(text(new JsonValue.Items(json.items("applications"))))
                .isEqualTo("[{\"name\":\"ehr\",\"kind\":\"postgresql\",\"address\":\"postgresql://127.0.0.1:1/\","
                        + "\"groups\":[\"both\"]},{\"name\":\"lab\",\"kind\":\"postgresql\",\"address\":"
                        + "\"postgresql://127.0.0.1:2/\",\"groups\":[\"both\"]}]");
        assertThat(shell.run("app", "check", "ehr", "--config", config, "--json")
                        .error())
                .isEqualTo("APPLICATION_UNREACHABLE");
        Shell.Ran unknown = shell.run("app", "check", "erh", "--config", config, "--json");
        assertThat(unknown.error()).isEqualTo("APPLICATION_NOT_CONFIGURED");
        assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
        assertThat(shell.run("app", "list").out()).contains("no application is configured");
        assertThat(shell.run("app", "list", "--config", config).out())
                .contains("ehr  postgresql://127.0.0.1:1/  in both");
    }

    @Test
    void theRepositoryItsPasswordAndTheStateMayStandInTheFile() {
        Path password = Shell.write(temp.resolve("password"), Shell.PASSWORD + "\n");
        password.toFile().setReadable(false, false);
        password.toFile().setReadable(true, true);
        shell.environment.clear();
        String config = config("repository: " + shell.repository() + "\npassword: file:" + password + "\nstate: "
                + temp.resolve("state") + "\n");

        shell.run("init", "--config", config).endsWith(0);
        shell.write("a.txt", "text");
        shell.run("backup", shell.source().toString(), "--config", config).endsWith(0);
        assertThat(shell.json("snapshots", "--config", config).items("snapshots"))
                .hasSize(1);
        assertThat(temp.resolve("state").resolve("audit")).isDirectory();
    }

    @Test
    void aWrongFileStopsACommandBeforeItBegins() {
        String config = config("a: [\n");

        shell.run("snapshots", "--config", config).endsWith(ExitCode.USAGE).saysWhatIsWrong("line 2", file.toString());
        shell.run("snapshots", "--config", temp.resolve("absent").toString())
                .endsWith(ExitCode.USAGE)
                .saysWhatIsWrong("does not exist");
        assertThat(shell.run("config", "--json").error()).isEqualTo("USAGE");
        shell.run("config", "check").endsWith(ExitCode.USAGE).saysWhatIsWrong("--config FILE");
        assertThat(shell.run("config", "explain").out()).contains("config = none  (default)");
    }
}
