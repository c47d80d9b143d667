package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlobalOptionsTest {

    @TempDir
    Path temp;

    @Test
    void globalOptionsStandBeforeOrAfterTheCommand() {
        var shell = new Shell(temp);
        String[] options = {
            "--repo=" + shell.repository(),
            "--password-file=" + Shell.write(temp.resolve("password"), "secret\n"),
            "--state=" + temp.resolve("elsewhere")
        };
        shell.environment.clear();

        shell.run(options[0], options[1], options[2], "init").endsWith(0);
        shell.run("stats", options[0], options[1], options[2]).endsWith(0);
        shell.run(options[0], "snapshots", options[1], "--json", options[2]).endsWith(0);
        shell.run(options[2], "audit", "verify").endsWith(0);
        shell.run("audit", options[2], "verify").endsWith(0);
        shell.run("audit", "verify", options[2]).endsWith(0);
        assertThat(temp.resolve("elsewhere/host.key")).exists();
        assertThat(temp.resolve("state")).doesNotExist();
    }

    @Test
    void anOptionOutweighsTheEnvironment() {
        var shell = new Shell(temp);
        shell.run("init").endsWith(0);

        shell.environment.put("MEDBACKUP_REPO", "/no/such/repository");
        shell.environment.put("MEDBACKUP_KEY_FILE", "/no/such/key");
        Path password = Shell.write(temp.resolve("password"), Shell.PASSWORD);

        shell.run("stats", "--repo", shell.repository().toString()).endsWith(2).saysWhatIsWrong("/no/such/key");
        shell.run("stats", "--repo", shell.repository().toString(), "--password-file", password.toString())
                .endsWith(0);
    }

    @Test
    void quietSaysNothingWhereNothingIsWrong() {
        var shell = new Shell(temp);

        for (String command : new String[] {"init", "snapshots", "stats", "verify"}) {
            Shell.Ran ran = shell.run("--quiet", command).endsWith(0);
            assertThat(ran.out() + ran.err()).as(command).isEmpty();
        }
        assertThat(shell.run("--quiet", "stats", "--json").endsWith(0).out()).startsWith("{\"ok\":true");
        assertThat(shell.run("--quiet", "ls", "latest").endsWith(2).err()).isNotEmpty();
    }

    @Test
    void helpAndVersionNeedNothing() {
        var shell = new Shell(temp);
        shell.environment.clear();

        assertThat(shell.run("--version").endsWith(0).out()).isEqualTo("medbackup " + Root.VERSION + "\n");
        assertThat(shell.run("--help").endsWith(0).out())
                .contains(
                        "demo",
                        "init",
                        "backup",
                        "snapshots",
                        "ls",
                        "diff",
                        "restore",
                        "dump",
                        "verify",
                        "stats",
                        "app",
                        "audit",
                        "bench");
        assertThat(shell.run("restore", "--help").endsWith(0).out()).contains("--target", "--include", "--dry-run");
        assertThat(shell.run("app", "restore", "--help").endsWith(0).out()).contains("--snapshot", "--target");
        Shell.Ran nothing = shell.run().endsWith(2);
        assertThat(nothing.out()).isEmpty();
        assertThat(nothing.err()).startsWith("Usage: medbackup");
    }

    @Test
    void theStateFolderIsWhereTheSystemPutsIt() {
        var terminal = new Terminal(System.out, System.err, false);

        assertThat(new Root(Map.of("MEDBACKUP_STATE", "/srv/state"), terminal).stateFolder())
                .isEqualTo(Path.of("/srv/state"));
        assertThat(new Root(Map.of("MEDBACKUP_STATE", " "), terminal).stateFolder())
                .isEqualTo(Path.of("/var/lib/medbackup"));
    }

    @Test
    void withoutRootTheStateFolderIsTheUsers() {
        var terminal = new Terminal(System.out, System.err, false);
        String user = System.getProperty("user.name");
        System.setProperty("user.name", "somebody");
        try {
            assertThat(new Root(Map.of("XDG_STATE_HOME", "/home/somebody/states"), terminal).stateFolder())
                    .isEqualTo(Path.of("/home/somebody/states/medbackup"));
            assertThat(new Root(Map.of(), terminal).stateFolder())
                    .isEqualTo(Path.of(System.getProperty("user.home"), ".local", "state", "medbackup"));
        } finally {
            System.setProperty("user.name", user);
        }
    }
}
