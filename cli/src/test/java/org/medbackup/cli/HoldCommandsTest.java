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

/** The commands of legal holds. */
class HoldCommandsTest {

    @TempDir
    Path temp;

    private Shell shell = new Shell(Path.of("unused"));

    @BeforeEach
    void twoRestorePoints() {
        shell = new Shell(temp);
        shell.run("init").endsWith(0);
        for (String text : List.of("one", "two")) {
            Shell.write(shell.source().resolve("letter.txt"), text.repeat(1000));
            shell.run("backup", shell.source().toString(), "--source", "ward").endsWith(0);
        }
    }

    @Test
    void aHoldIsPlacedListedAndReleased() {
        JsonValue.Members placed = shell.json(
                "hold",
                "place",
                "--matter",
                "case 17",
                "--source",
                "ward",
                "--from",
                "2020-01-01",
                "--until",
                "2999-01-01T00:00:00Z",
                "--path",
                shell.source().toString());

        hasFields(placed, "holds", "snapshots", "absent");
        JsonValue.Members hold = list(placed, "holds").getFirst();
        hasFields(hold, "id", "matter", "selector", "since", "by");
        assertThat(hold.members("selector").text("from")).isEqualTo("2020-01-01T00:00:00Z");
        assertThat(placed.items("snapshots")).hasSize(2);
        assertThat(shell.run("forget", "--keep-last", "1").endsWith(0).out())
                .contains(" all the same: legal hold " + hold.text("id") + " covers it");
        assertThat(shell.run("hold", "list").endsWith(0).out())
                .contains(hold.text("id") + "  case 17, by ", "covers 2 restore points");
        assertThat(shell.run("hold", "release", hold.text("id"), "--because", "settled")
                        .endsWith(0)
                        .out())
                .isEqualTo("hold " + hold.text("id") + " is released; it covered 2 restore points\n");
        assertThat(shell.run("hold", "list").endsWith(0).out()).isEqualTo("no legal hold stands\n");
        assertThat(list(shell.json("hold", "list"), "holds")).isEmpty();
        assertThat(shell.json("forget", "--keep-last", "1").items("removed")).hasSize(1);
    }

    @Test
    void oneRestorePointOrAllOfThemAreHeld() {
        String first = list(shell.json("snapshots"), "snapshots").getFirst().text("id");

        JsonValue.Members one = shell.json("hold", "place", "--matter", "case 17", first.substring(0, 8));
        String all = shell.run("hold", "place", "--matter", "case 18", "--all")
                .endsWith(0)
                .out();
        JsonValue.Members hosts = shell.json("hold", "place", "--matter", "case 19", "--of-host", "elsewhere");

        assertThat(list(one, "holds").getFirst().members("selector").items("snapshots"))
                .hasSize(1);
        assertThat(all).endsWith(" is placed and covers 2 restore points\n");
        assertThat(hosts.items("snapshots")).isEmpty();
        assertThat(shell.run("hold", "place", "--matter", "case 20", "--source", "typo")
                        .endsWith(0)
                        .out())
                .contains("only what is made from now on");
        assertThat(list(hosts, "holds").getFirst().members("selector").text("host"))
                .isEqualTo("elsewhere");
    }

    @Test
    void aHoldThatSaysNothingIsAnErrorThatSaysWhatToDo() {
        assertThat(shell.run("hold", "place", "--matter", "case 17").endsWith(2).err())
                .contains("say what the hold covers, or --all");
        assertThat(shell.run("hold", "place", "--matter", "case 17", "--all", "--source", "ward")
                        .endsWith(2)
                        .err())
                .contains("--all and something that is asked for");
        assertThat(shell.run("hold", "place", "--all").endsWith(2).err()).contains("--matter");
        assertThat(shell.run("hold", "place", "--matter", " ", "--all")
                        .endsWith(2)
                        .err())
                .contains("1 to 1000 characters");
        assertThat(shell.run("hold", "place", "--matter", "x", "--from", "yesterday")
                        .endsWith(2)
                        .err())
                .contains("'yesterday' is no time: 2026-03-01");
        assertThat(shell.run("hold", "release", "0000", "--because", "over")
                        .endsWith(2)
                        .err())
                .contains("hold list");
        assertThat(shell.run("hold").endsWith(2).err()).contains("place, release, list");
    }

    @Test
    void aTargetThatDoesNotKnowOfItYetIsNamed() {
        Shell.write(temp.resolve("medbackup.yaml"), "targets: {copy: {location: \"nowhere://vault\"}}\n");

        String said = shell.run(
                        "--config",
                        temp.resolve("medbackup.yaml").toString(),
                        "hold",
                        "place",
                        "--matter",
                        "x",
                        "--all")
                .endsWith(0)
                .out();

        assertThat(said).contains("target copy does not know of it yet (");
    }
}
