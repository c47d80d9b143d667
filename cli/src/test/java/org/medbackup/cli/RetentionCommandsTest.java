package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.cli.Shell.hasFields;
import static org.medbackup.cli.Shell.list;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.JsonValue;

/** The commands that give restore points up and free their space. */
class RetentionCommandsTest {

    @TempDir
    Path temp;

    private Shell shell = new Shell(Path.of("unused"));

    @BeforeEach
    void threeRestorePoints() {
        shell = new Shell(temp).initialised();
        for (String text : List.of("one", "two", "three")) {
            Shell.write(shell.source().resolve("letter.txt"), text.repeat(1000));
            shell.run("backup", shell.source().toString(), "--source", "ward").endsWith(0);
        }
    }

    private int count() {
        return list(shell.json("snapshots"), "snapshots").size();
    }

    @Test
    void forgetKeepsWhatTheRulesSayAndAnswersWithAllThreeLists() {
        JsonValue.Members json = shell.json("forget", "--keep-last", "2");

        hasFields(json, "kept", "removed", "refused");
        assertThat(json.items("kept")).hasSize(2);
        assertThat(json.items("removed")).hasSize(1);
        assertThat(json.items("refused")).isEmpty();
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void aDryRunOfForgetChangesNothing() {
        String said =
                shell.run("forget", "--keep-last", "1", "--dry-run").endsWith(0).out();

        assertThat(said).contains("would give up ").endsWith("1 restore points kept, 2 would be given up\n");
        assertThat(count()).isEqualTo(3);
    }

    @Test
    void theNewestStaysWhateverIsAskedAndTheReasonIsSaid() {
        JsonValue.Members refused =
                list(shell.json("forget", "latest"), "refused").getFirst();

        assertThat(refused.text("reason")).contains("newest");
        assertThat(shell.run("forget", "latest").endsWith(0).out()).contains(" all the same: it is the newest");
        assertThat(count()).isEqualTo(3);
    }

    @Test
    void aNamedRestorePointIsGivenUpAndGcFreesItsSpace() {
        String first = list(shell.json("snapshots"), "snapshots").getFirst().text("id");
        assertThat(shell.run("forget", first).endsWith(0).out()).startsWith("gave up " + first.substring(0, 8));

        String planned = shell.run("gc", "--dry-run").endsWith(0).out();
        JsonValue.Members json = shell.json("gc", "--wait", "1h");

        assertThat(planned).startsWith("would delete ").contains(" before, ").contains(" after");
        hasFields(json, "packs", "bytes");
        hasFields(json.members("packs"), "kept", "rewritten", "deleted");
        assertThat(json.members("packs").whole("deleted")).isPositive();
        assertThat(json.members("bytes").whole("after"))
                .isLessThan(json.members("bytes").whole("before"));
        assertThat(shell.run("gc").endsWith(0).out()).startsWith("deleted 0 packs, wrote anew 0, ");
        shell.run("verify", "--level", "restore").endsWith(0);
    }

    @Test
    void gcSaysThatAListIsDamagedAndEndsWith5() {
        Shell.write(shell.repository().resolve("g/0000000000000000"), "no list");

        JsonValue.Members json = shell.run("gc", "--json").endsWith(5).json();

        assertThat(list(json, "damaged").getFirst().text("object")).isEqualTo("g/0000000000000000");
        assertThat(shell.run("gc").endsWith(5).out()).contains("g/0000000000000000");
        shell.run("verify", "--level", "ciphertext").endsWith(5);
        shell.run("gc").endsWith(0);
    }

    @Test
    void rulesByTheCalendarAndBySpansAreTaken() {
        JsonValue.Members json = shell.json(
                "forget",
                "--keep-daily",
                "7",
                "--keep-weekly",
                "4",
                "--keep-monthly",
                "12",
                "--keep-yearly",
                "10",
                "--keep-within",
                "1y6m2w3d12h",
                "--dry-run");

        assertThat(json.items("kept")).hasSize(3);
    }

    @Test
    void wrongRulesAreSaid() {
        shell.run("forget").endsWith(2).saysWhatIsWrong("rule");
        shell.run("forget", "--keep-within", "soon").endsWith(2).saysWhatIsWrong("soon");
        shell.run("forget", "--keep-last", "-1").endsWith(2).saysWhatIsWrong("below zero");
        shell.run("forget", "--keep-last", "1", "latest").endsWith(2).saysWhatIsWrong("either");
        shell.run("forget", "0123").endsWith(2).saysWhatIsWrong("0123");
        shell.run("gc", "--wait", "10").endsWith(2).saysWhatIsWrong("10");
    }
}
