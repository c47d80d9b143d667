package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.cli.Shell.first;
import static org.medbackup.cli.Shell.hasFields;
import static org.medbackup.cli.Shell.list;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.JsonValue;
import org.medbackup.policy.BuiltInPolicy;

/** The commands of the policy, by the names and exit codes of the contract. */
class PolicyCommandsTest {

    private static final String CANDIDATE = BuiltInPolicy.HOSPITAL
            .text()
            .replace("version: 1\n", "version: 2\n")
            .replace("copies: 2}\n", "copies: 3}\n")
            .replace("vault: {max: PHI_RESTRICTED, ", "vault: {max: PHI_RESTRICTED, cost: {storage: 0.02}, ")
            .replace("primary: {max: PHI_RESTRICTED}", "primary: {max: PHI_RESTRICTED, cost: {storage: 0.1}}");

    @TempDir
    Path temp;

    private Shell shell = new Shell(Path.of("."));
    private Path policy = Path.of("policy.yaml");
    private Path key = Path.of("anne.key");

    @BeforeEach
    void write() {
        shell = new Shell(temp);
        shell.write("wards/letter.txt", "Patient MRN: 00482913 DOB: 1961-04-02");
        shell.write("wards/hours.txt", "open from eight to five");
        policy = Shell.write(temp.resolve("policy.yaml"), CANDIDATE);
        key = temp.resolve("anne.key");
        shell.environment.put("MEDBACKUP_CONFIG", configured("{}").toString());
    }

    private Path configured(String section) {
        return Shell.write(
                temp.resolve("medbackup.yaml"),
                "jobs: {ward: {paths: [\"" + shell.source() + "\"]}}\npolicy: " + section + "\n");
    }

    private String newKey(Path file) {
        JsonValue.Members made = shell.json("policy", "sign", "--new-key", file.toString());
        hasFields(made, "key", "publicKey");
        return made.text("publicKey");
    }

    private void signers(String... keys) {
        var section = new StringBuilder("{signers: [");
        for (int i = 0; i < keys.length; i++) {
            section.append(i == 0 ? "" : ", ")
                    .append("{name: s" + i + ", key: \"")
                    .append(keys[i])
                    .append("\"}");
        }
        configured(section + "]}");
    }

    @Test
    void checkOfAPolicyThatGoesTogetherEndsWithZero() {
        assertThat(shell.json("policy", "check").items("conflicts")).isEmpty();
        assertThat(shell.json("policy", "check", policy.toString()).text("file"))
                .isEqualTo(policy.toString());
        assertThat(shell.run("policy", "check", policy.toString()).endsWith(0).out())
                .contains("goes together");
        assertThat(shell.run("policy", "check").endsWith(0).out()).contains("in force goes together");
    }

    @Test
    void checkNamesConflictsWithTheirRulesAndEndsWithTwo() {
        Shell.write(
                policy,
                CANDIDATE
                        + "  - {id: X9, effect: restrict, when: \"'PART2' in labels\", set: {tiers: [primary]}, reason: a}\n"
                        + "tests:\n  - {name: claims, facts: {kind: x12}, expect: {tier: archive}}\n");

        JsonValue.Members json = shell.run("policy", "check", policy.toString(), "--json")
                .endsWith(2)
                .json();

        List<JsonValue.Members> conflicts = list(json, "conflicts");
        assertThat(conflicts).allSatisfy(each -> hasFields(each, "rules", "reason", "kind"));
        assertThat(conflicts).extracting(each -> each.text("kind")).contains("TEST_FAILED", "NO_TIER_LEFT");
        assertThat(conflicts.getFirst().items("rules")).contains(new JsonValue.Text("claims"));
        assertThat(json.members("error").text("code")).isEqualTo("POLICY_CONFLICTS");
        Shell.Ran said = shell.run("policy", "check", policy.toString()).endsWith(2);
        assertThat(said.out()).contains("NO_TIER_LEFT: rules part2 and X9", "TEST_FAILED: test claims");
        assertThat(said.err()).contains("were found");
    }

    @Test
    void checkNamesFaultsWithTheirLines() {
        Shell.write(policy, CANDIDATE.replace("tier: primary, retention", "tier: tape, retention"));

        JsonValue.Members json = shell.run("policy", "check", policy.toString(), "--json")
                .endsWith(2)
                .json();

        JsonValue.Members fault = first(json, "conflicts");
        assertThat(fault.text("kind")).isEqualTo("FAULT");
        assertThat(fault.text("reason")).contains("line ", "there is no tier");
        assertThat(fault.text("key")).isEqualTo("rules/0/set/tier");
        assertThat(json.members("error").text("code")).isEqualTo("POLICY_INVALID");
        assertThat(shell.run("policy", "check", temp.resolve("absent").toString(), "--json")
                        .endsWith(2)
                        .error())
                .isEqualTo("POLICY_INVALID");
    }

    @Test
    void explainSaysWhereEachFileLandsAndWhy() {
        JsonValue.Members json = shell.json("policy", "explain", shell.source().toString());

        assertThat(json.whole("files")).isEqualTo(2);
        JsonValue.Members letter = list(json, "decisions").getLast();
        hasFields(
                letter,
                "path",
                "kind",
                "sensitivity",
                "tier",
                "retention",
                "keyDomain",
                "copies",
                "trace",
                "rejected",
                "labels",
                "costPerMonth");
        assertThat(letter.text("path")).endsWith("letter.txt");
        assertThat(letter.text("kind")).isEqualTo("text");
        assertThat(letter.text("sensitivity")).isEqualTo("PHI");
        assertThat(letter.text("retention")).isEqualTo("chart");
        JsonValue.Members step = first(letter, "trace");
        hasFields(step, "rule", "field", "value", "reason");
        assertThat(step.text("rule")).isEqualTo("records");
        hasFields(first(letter, "rejected"), "tier", "reason", "costPerMonth");
        assertThat(json.items("groups")).hasSize(2);
        assertThat(json.items("unread")).isEmpty();
        assertThat(shell.run("policy", "explain", shell.source().toString())
                        .endsWith(0)
                        .out())
                .contains(
                        "the built-in policy for a hospital is in force",
                        "is text, PHI; PHI: identifiers of people beside clinical words",
                        "goes to vault, chart, keys clinical, 3 copies",
                        "records: tier vault (it belongs to the record of a patient)",
                        "not primary: rule records sends it to vault");
    }

    @Test
    void explainOfManyFilesCountsThemAndNamesThemUpToTheLimit() {
        for (int i = 0; i < 25; i++) {
            shell.write("many/" + i + ".txt", "nothing of interest");
        }
        JsonValue.Members json =
                shell.json("policy", "explain", "--limit", "3", shell.source().toString());

        assertThat(json.whole("files")).isEqualTo(27);
        assertThat(json.items("decisions")).hasSize(3);
        assertThat(first(json, "groups").whole("files")).isEqualTo(26);
        hasFields(first(json, "groups"), "kind", "files", "bytes", "tier", "trace");
        assertThat(shell.run("policy", "explain", shell.source().toString())
                        .endsWith(0)
                        .out())
                .contains("26 files", "of text: to vault", "1 file, ");
    }

    @Test
    void whatCannotBeReadIsSaidAndEndsWithThree() {
        JsonValue.Members json = shell.run(
                        "policy", "explain", temp.resolve("absent").toString(), "--json")
                .endsWith(3)
                .json();

        assertThat(json.whole("unreadable")).isEqualTo(1);
        assertThat(first(json, "unread").text("message")).isEqualTo("it does not exist");
        assertThat(shell.run("policy", "explain", temp.resolve("absent").toString())
                        .endsWith(3)
                        .out())
                .contains("it does not exist", "could not be read");
        assertThat(shell.run("policy", "explain").endsWith(2).err()).contains("PATH");
    }

    @Test
    void simulateShowsWhatWouldMoveAndCostAndChangesNothing() {
        JsonValue.Members json = shell.json("policy", "simulate", "--candidate", policy.toString());

        assertThat(json.whole("files")).isEqualTo(2);
        JsonValue.Members move = first(json, "moves");
        assertThat(move.members("from").whole("copies")).isEqualTo(2);
        assertThat(move.members("to").whole("copies")).isEqualTo(3);
        assertThat(move.members("to").text("tier")).isEqualTo("vault");
        assertThat(move.whole("files")).isEqualTo(1);
        assertThat(json.members("cost").values().keySet()).containsExactly("before", "after", "moving", "earlyAtMost");
        hasFields(
                json,
                "inForce",
                "candidate",
                "bytes",
                "quarantined",
                "lock",
                "recall",
                "neverHit",
                "weakenings",
                "weakened",
                "examples",
                "unreadable");
        assertThat(first(json, "examples").text("path")).endsWith("hours.txt");
        assertThat(shell.run("policy", "simulate", "--candidate", policy.toString())
                        .endsWith(0)
                        .out())
                .contains(
                        "vault/operational/general/2 -> vault/operational/general/3",
                        "cost a month: ",
                        "rules that decide nothing: databases");
        assertThat(shell.json("policy", "check").find("file")).isEmpty();
    }

    @Test
    void simulateSaysWhatIsProtectedLess() {
        Shell.write(
                policy,
                BuiltInPolicy.HOSPITAL
                                .text()
                                .replace("version: 1\n", "version: 2\n")
                                .replace("lock: 90d, archive: hospital-record", "lock: 30d, archive: hospital-record")
                                .replace(
                                        "vault: {max: PHI_RESTRICTED, immutable: true}",
                                        "vault: {max: PHI_RESTRICTED, immutable: true, recall: 1h}")
                        + "  - {id: X9, effect: restrict, when: \"path.endsWith('hours.txt')\", set: {tiers: [archive], rto: 4h}, reason: a}\n"
                        + "  - {id: X8, effect: restrict, when: \"path.endsWith('letter.txt')\", set: {tiers: [primary]}, reason: a}\n"
                        + "  - {id: X7, effect: restrict, when: \"path.endsWith('letter.txt')\", set: {tiers: [vault]}, reason: a}\n");

        Shell.Ran said = shell.run("policy", "simulate", "--candidate", policy.toString())
                .endsWith(0);

        assertThat(said.out())
                .contains(
                        "WEAKER: class chart locks for 30d and no longer for 90d",
                        "WEAKER: LOCK_SHORTER for 1 file",
                        "locked for longer: 0 files, for a shorter time: 1 file",
                        "back later: 2 files",
                        "quarantined: 0 -> 1 files",
                        "such as ");
        assertThat(first(shell.json("policy", "simulate", "--candidate", policy.toString()), "weakenings")
                        .text("kind"))
                .isEqualTo("LOCK_SHORTER");
    }

    @Test
    void simulateTakesAListOfFilesOrPathsInsteadOfTheJobs() {
        Path files = Shell.write(
                temp.resolve("files.jsonl"),
                "{\"path\": \"/pacs/a\", \"size\": 9, \"kind\": \"image\", \"labels\": []}\n");

        assertThat(shell.json("policy", "simulate", "--candidate", policy.toString(), "--catalogue", files.toString())
                        .whole("files"))
                .isEqualTo(1);
        assertThat(shell.json("policy", "simulate", "--candidate", policy.toString(), temp.toString())
                        .whole("files"))
                .isGreaterThan(2);
        assertThat(shell.run(
                                "policy",
                                "simulate",
                                "--candidate",
                                policy.toString(),
                                "--catalogue",
                                files.toString(),
                                temp.toString(),
                                "--json")
                        .endsWith(2)
                        .error())
                .isEqualTo("USAGE");
        assertThat(shell.run(
                                "policy",
                                "simulate",
                                "--candidate",
                                policy.toString(),
                                temp.resolve("absent").toString(),
                                "--json")
                        .endsWith(2)
                        .error())
                .isEqualTo("USAGE");
        shell.run("policy", "simulate").endsWith(2);
    }

    @Test
    void filesThatCannotBeReadMakeASimulationIncomplete() {
        assertThat(shell.run(
                                "policy",
                                "simulate",
                                "--candidate",
                                policy.toString(),
                                shell.source().toString(),
                                temp.resolve("absent").toString())
                        .endsWith(3)
                        .out())
                .contains("1 could not be read");
    }

    @Test
    void aPolicyIsSignedSimulatedAndPutInForce() {
        signers(newKey(key));
        JsonValue.Members signed = shell.json("policy", "sign", policy.toString(), "--key-file", key.toString());
        hasFields(signed, "file", "digest", "version", "key", "keys");
        assertThat(signed.text("file")).isEqualTo(policy + ".sig");
        shell.json("policy", "simulate", "--candidate", policy.toString());

        JsonValue.Members json = shell.json("policy", "activate", policy.toString());

        assertThat(json.members("policy").whole("version")).isEqualTo(2);
        assertThat(json.members("policy").items("signers")).containsExactly(new JsonValue.Text("s0"));
        assertThat(json.items("weakenings")).isEmpty();
        assertThat(shell.run("policy", "explain", shell.source().toString())
                        .endsWith(0)
                        .out())
                .contains("version 2 is in force since ", "goes to vault, operational, keys general, 3 copies")
                .contains(" a month");
        assertThat(shell.run("audit", "verify").endsWith(0).out()).contains("intact");
    }

    @Test
    void whatIsMissingIsRefusedWithFourAndSaysWhatToDo() {
        assertThat(shell.run("policy", "activate", policy.toString(), "--json")
                        .endsWith(4)
                        .error())
                .isEqualTo("POLICY_SIGNERS_MISSING");
        signers(newKey(key));
        assertThat(shell.run("policy", "activate", policy.toString(), "--json")
                        .endsWith(4)
                        .error())
                .isEqualTo("POLICY_UNTRUSTED");
        shell.run("policy", "sign", policy.toString(), "--key-file", key.toString())
                .endsWith(0);
        shell.run("policy", "activate", policy.toString())
                .endsWith(4)
                .saysWhatIsWrong("Nobody has looked at what the policy would change");
        Shell.write(policy, CANDIDATE.replace("copies: 3}\n", "copies: 1}\n"));
        assertThat(shell.run("policy", "activate", policy.toString(), "--json")
                        .endsWith(4)
                        .error())
                .isEqualTo("POLICY_UNTRUSTED");
    }

    @Test
    void whatProtectsLessNeedsASecondKey() {
        Path second = temp.resolve("bert.key");
        signers(newKey(key), newKey(second));
        Shell.write(policy, CANDIDATE.replace("copies: 3}\n", "copies: 1}\n"));
        shell.json("policy", "simulate", "--candidate", policy.toString());
        shell.run("policy", "sign", policy.toString(), "--key-file", key.toString())
                .endsWith(0);
        assertThat(shell.run("policy", "activate", policy.toString(), "--json")
                        .endsWith(4)
                        .error())
                .isEqualTo("POLICY_WEAKER");

        shell.run("policy", "sign", policy.toString(), "--key-file", second.toString())
                .endsWith(0);
        assertThat(shell.run("policy", "activate", policy.toString())
                        .endsWith(0)
                        .out())
                .contains("version 2 is in force, signed by s0, s1", "WEAKER: by default there are 1 copies");
    }

    @Test
    void aKeyIsMadeAndUsedInOneCallAndIsShownAsTheConfigurationTakesIt() {
        Shell.Ran made = shell.run("policy", "sign", policy.toString(), "--new-key", key.toString())
                .endsWith(0);

        assertThat(made.out()).contains("under policy.signers", "{name: NAME, key: \"", "is signed by");
        assertThat(Shell.read(key)).startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(shell.run("policy", "sign", "--new-key", key.toString(), "--json")
                        .endsWith(2)
                        .error())
                .isEqualTo("TARGET_UNUSABLE");
        for (String[] wrong : List.of(
                new String[] {"policy", "sign", policy.toString()},
                new String[] {"policy", "sign", "--key-file", key.toString()},
                new String[] {"policy", "sign", "--new-key", "k", "--key-file", key.toString()})) {
            shell.run(wrong).endsWith(2).saysWhatIsWrong("--key-file");
        }
        shell.run("policy").endsWith(2).saysWhatIsWrong("check", "explain", "simulate", "sign", "activate");
    }
}
