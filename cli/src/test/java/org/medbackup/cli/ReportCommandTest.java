package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/** Compliance reports from the command line. */
class ReportCommandTest {

    private static final String NAME = "Zelda-Canary";
    private static final String RECORD = "MRN-77124413";

    @TempDir
    static Path temp;

    private static Shell shell = new Shell(Path.of("unused"));

    /** One run of everything for all, with a name and a number of a patient wherever a user can write one. */
    @BeforeAll
    static void work() {
        shell = new Shell(temp).initialised();
        shell.write(NAME + "/" + RECORD + ".txt", NAME + " was seen, " + RECORD);
        Path configuration = Shell.write(temp.resolve("medbackup.yaml"), """
                targets: {away: {location: %1$s/%2$s-copies}}
                jobs:
                  ward: {paths: ["%3$s"], exclude: ["%2$s-*"], verify: content, copies: [away], rpo: 1 h}
                """.formatted(temp, RECORD, shell.source()));
        shell.environment.put("MEDBACKUP_CONFIG", configuration.toString());
        shell.run("run", "ward").endsWith(0);
        shell.run("backup", shell.source().toString(), "--source", NAME, "--tag", "patient=" + RECORD)
                .endsWith(0);
        shell.run("restore", "latest@" + NAME, "--target", temp.resolve(RECORD).toString(), "--reason", NAME)
                .endsWith(0);
        shell.run("ls", "latest@" + NAME, "/no/" + NAME).endsWith(2);
    }

    private static String today() {
        Instant now = TimeSource.system().now();
        return now.atZone(ZoneOffset.UTC).toLocalDate().minusDays(1) + "/"
                + now.atZone(ZoneOffset.UTC).toLocalDate().plusDays(1);
    }

    private static Shell.Ran report(String profile, String to, String... more) {
        return shell.run(Stream.concat(
                        Stream.of(
                                "report",
                                profile,
                                "--period",
                                today(),
                                "--output",
                                temp.resolve(to).toString()),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private static List<Path> below(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void aReportIsMadeTwiceTheSameAndVerifiedWithThePublicKeyAlone() throws IOException {
        Members json = report("hipaa", "one", "--json").endsWith(0).json();
        Shell.hasFields(json, "report", "generatedAt", "entries", "summary", "controls", "files");
        Members control = Shell.list(json, "controls").stream()
                .filter(each -> each.text("id").equals("164.312(b)"))
                .findFirst()
                .orElseThrow();
        assertThat(control.text("status")).isEqualTo("MET");
        Members evidence = Shell.first(control, "evidence");
        Shell.hasFields(evidence, "entry", "leafHash", "proof");
        assertThat(json.items("files"))
                .hasSize(6)
                .first()
                .isEqualTo(new JsonValue.Text(temp.resolve("one/report.json").toString()));

        report("hipaa", "two").endsWith(0);
        report("hipaa", "three", "--at", String.valueOf(json.whole("entries"))).endsWith(0);
        for (Path file : below(temp.resolve("one"))) {
            assertThat(temp.resolve("two").resolve(file.getFileName())).hasSameBinaryContentAs(file);
            assertThat(temp.resolve("three").resolve(file.getFileName())).hasSameBinaryContentAs(file);
        }

        Path key = Files.copy(temp.resolve("state/audit/key.pub"), temp.resolve("key.pub"));
        var elsewhere = new Shell(temp.resolve("elsewhere"));
        String file = temp.resolve("one/report.json").toString();
        Members good = elsewhere.json("report", "verify", file, "--key", key.toString());
        assertThat(good.values()).containsEntry("valid", new JsonValue.Truth(true));
        assertThat(good.whole("proofs")).isPositive();
        assertThat(shell.run("report", "verify", file).endsWith(0).out()).contains("intact");
        Files.writeString(temp.resolve("one/report.csv"), "other");
        Members bad = shell.run("report", "verify", file, "--json").endsWith(5).json();
        assertThat(Shell.first(bad, "findings").text("code")).isEqualTo("CHANGED_PAGE");
        assertThat(bad.members("error").text("code")).isEqualTo("EVIDENCE_CHANGED");
    }

    @Test
    void whatIsNotMetEndsWithSixWhereThatIsAskedFor() {
        // Its one job writes no copy to another site.
        assertThat(report("hipaa", "r").endsWith(0).out()).contains("NOT_MET", "164.308(a)(7)(ii)(A)");
        Members json = report("hipaa", "r", "--fail-on", "not-met", "--json")
                .endsWith(6)
                .json();
        assertThat(json.members("error").text("code")).isEqualTo("CONTROL_NOT_MET");
        Shell.hasFields(json, "controls", "files");
        long notMet = json.members("summary").whole("NOT_MET");
        assertThat(json.members("error").text("message")).startsWith(notMet + " controls");
        Members strict = report("hipaa", "r", "--fail-on", "not-assessed", "--json")
                .endsWith(6)
                .json();
        assertThat(strict.members("error").text("message"))
                .startsWith((notMet + strict.members("summary").whole("NOT_ASSESSED")) + " controls");
    }

    @Test
    void whatCannotBeMadeIsSaid() {
        report("sox", "r").endsWith(2).saysWhatIsWrong("there are hipaa, hipaa-nprm-2025, hicp");
        report("hipaa", "r", "--fail-on", "never").endsWith(2).saysWhatIsWrong("not-met or not-assessed");
        shell.run("report").endsWith(2).saysWhatIsWrong("PROFILE, --period and --output");
        shell.run("report", "hipaa", "--period", "2026", "--output", temp.toString())
                .endsWith(2)
                .saysWhatIsWrong("FROM/TO");
        Path wrong = Shell.write(temp.resolve("wrong.yaml"), "entity: x\nwhatever: y\n");
        report("hipaa", "r", "--statements", wrong.toString()).endsWith(2).saysWhatIsWrong("line 2");
        shell.run("report", "verify", temp.resolve("none.json").toString())
                .endsWith(2)
                .saysWhatIsWrong("does not exist");
    }

    /** Check 20: neither reports nor what the state folder holds has them. A reason stands in the trail, and there alone. */
    @Test
    void noNameOrNumberOfAPatientIsInReportsOrState() throws IOException {
        report(
                        "hipaa",
                        "report",
                        "--statements",
                        Shell.write(temp.resolve("s.yaml"), "entity: Hospital\n")
                                .toString())
                .endsWith(0);
        report("nist-800-53", "report-53").endsWith(0);
        Stream.of(below(temp.resolve("report")), below(temp.resolve("report-53")), below(temp.resolve("state")))
                .flatMap(List::stream)
                .forEach(file -> {
                    String text = Shell.read(file);
                    assertThat(text).as(file.toString()).doesNotContain(RECORD, temp.toString());
                    boolean reason = text.contains("\"reason\":\"" + NAME + "\"");
                    assertThat(reason ? text.replace("\"reason\":\"" + NAME + "\"", "") : text)
                            .as(file.toString())
                            .doesNotContain(NAME);
                    assertThat(reason && !file.startsWith(temp.resolve("state/audit")))
                            .as("a reason in %s", file)
                            .isFalse();
                });
        String trail =
                new String(Files.readAllBytes(temp.resolve("state/audit/entries/000")), StandardCharsets.ISO_8859_1);
        assertThat(trail).contains("\"action\":\"compliance-report\"");
    }
}
