package org.medbackup.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;
import org.medbackup.testkit.LocalServer;

/** The units, as systemd's own tool judges them. */
class SystemdUnitsTest {

    private static final Path UNITS = Path.of(System.getProperty("medbackup.root", ".."), "systemd");
    private static final List<String> NAMES =
            List.of("medbackup.service", "medbackup-job@.service", "medbackup-job@.timer");

    @TempDir
    Path temp;

    /** The program need not be installed where the tests run. */
    @BeforeEach
    void copyWithAProgramThatIsThere() throws IOException {
        for (String name : NAMES) {
            String unit = Files.readString(UNITS.resolve(name));
            Files.writeString(temp.resolve(name), unit.replace("/usr/bin/medbackup", "/bin/true"));
        }
    }

    private Completed analyze(String... words) {
        var command = new java.util.ArrayList<>(
                List.of(LocalServer.program("systemd-analyze").toString()));
        command.addAll(List.of(words));
        return Processes.system().run(Command.of(command).in(temp));
    }

    @ParameterizedTest
    @ValueSource(strings = {"medbackup.service", "medbackup-job@.service", "medbackup-job@.timer"})
    void systemdHasNothingToSayOfAUnit(String name) {
        String instance = temp.resolve(name).toString();

        Completed verified = analyze("verify", "--man=no", instance);

        assertThat(verified.output() + verified.errors()).isEmpty();
        assertThat(verified.exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"medbackup.service", "medbackup-job@.service"})
    void whatAServiceCouldDoIsLittle(String name) {
        Completed judged = analyze(
                "security",
                "--offline=true",
                "--threshold=30",
                temp.resolve(name).toString());

        assertThat(judged.exitCode()).as(judged.output() + judged.errors()).isZero();
        assertThat(judged.output()).contains("Overall exposure level");
    }

    @Test
    void theDaemonTellsSystemdHowItIs() throws IOException {
        assertThat(Files.readAllLines(UNITS.resolve("medbackup.service")))
                .contains(
                        "Type=notify",
                        "WatchdogSec=30s",
                        "ExecReload=/bin/kill -HUP $MAINPID",
                        "ProtectSystem=strict",
                        "NoNewPrivileges=yes",
                        "CapabilityBoundingSet=CAP_DAC_READ_SEARCH CAP_SYS_NICE",
                        "RestartPreventExitStatus=2");
    }

    @Test
    void bothServicesAreFencedAlike() throws IOException {
        assertThat(fence("medbackup-job@.service")).hasSizeGreaterThan(25).isEqualTo(fence("medbackup.service"));
    }

    private static List<String> fence(String name) throws IOException {
        return Files.readAllLines(UNITS.resolve(name)).stream()
                .filter(line -> line.matches("(Protect|Private|Restrict[A-Z]|SystemCall|Lock|Keyring|Capab|NoNew|Device"
                        + "|Remove|Proc|ReadWrite|UMask|Limit|TasksMax).*"))
                .filter(line -> !line.startsWith("RestartPrevent"))
                .toList();
    }
}
