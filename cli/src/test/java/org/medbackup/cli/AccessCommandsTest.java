package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.cli.Shell.hasFields;
import static org.medbackup.cli.Shell.list;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.access.Approval;
import org.medbackup.access.ApprovalRequest;
import org.medbackup.core.sign.SigningKey;
import org.medbackup.documents.JsonValue;
import org.medbackup.testkit.TokenProvider;

/** The commands of access and approvals. One administrator alone gives up nothing by the command line. */
class AccessCommandsTest {

    @TempDir
    Path temp;

    private final TokenProvider provider = new TokenProvider("https://id.example");
    private final Map<String, String> publicKeys = new HashMap<>();
    private Shell shell = new Shell(Path.of("unused"));
    private List<String> points = List.of();

    @BeforeEach
    void twoRestorePoints() {
        shell = new Shell(temp).initialised();
        var made = new ArrayList<String>();
        for (String text : List.of("one", "two")) {
            Shell.write(shell.source().resolve("letter.txt"), text.repeat(1000));
            made.add(shell.json("backup", shell.source().toString(), "--source", "ward")
                    .text("snapshot"));
        }
        points = List.copyOf(made);
        for (String person : List.of("anna", "bert", "cora", "dora")) {
            publicKeys.put(person, shell.json("access", "key", key(person)).text("publicKey"));
        }
        Shell.write(temp.resolve("keys.json"), provider.keys());
    }

    private String key(String person) {
        return temp.resolve(person + ".pem").toString();
    }

    private String rules() {
        return """
                version: 1
                approvals: {quorum: 2, coolOff: 0s, expires: 1d}
                breakGlass: {reviewWithin: 72h}
                retention: {daily: 30}
                tokens: {issuer: "https://id.example", audience: medbackup, keys: "%s"}
                people:
                  anna: {token: "a-1", key: "%s", roles: [backup-operator]}
                  bert: {token: "b-2", key: "%s", roles: [approver]}
                  cora: {token: "c-3", key: "%s", roles: [approver]}
                  dora: {token: "d-4", key: "%s", roles: [approver, auditor]}
                  carl: {token: "e-5", roles: [security-officer]}
                """.formatted(
                        temp.resolve("keys.json"),
                        publicKeys.get("anna"),
                        publicKeys.get("bert"),
                        publicKeys.get("cora"),
                        publicKeys.get("dora"));
    }

    private String written(String text) {
        return Shell.write(temp.resolve("access.yaml"), text).toString();
    }

    /** A command of somebody who shows a token. */
    private String[] as(String subject, String... words) {
        Path token = Shell.write(
                temp.resolve(subject + ".token"),
                provider.token(subject, "medbackup", Instant.now().plusSeconds(600)));
        var all = new ArrayList<>(List.of("--token-file", token.toString(), "--reason", "ticket 4711"));
        all.addAll(List.of(words));
        return all.toArray(String[]::new);
    }

    private void govern() {
        String file = written(rules());
        shell.json("access", "sign", file, "--key-file", key("bert"));
        shell.json("access", "sign", file, "--key-file", key("cora"));
        JsonValue.Members activated = shell.json(as("e-5", "access", "activate", file));
        hasFields(activated, "version", "digest", "signers", "absent");
        assertThat(activated.items("signers")).hasSize(2);
    }

    @Test
    void rulesAreWrittenCheckedSignedActivatedAndShown() {
        String file = written(rules().replace("quorum: 2", "quorum: 9"));
        Shell.Ran wrong = shell.run("access", "check", file).endsWith(2);
        assertThat(wrong.out()).contains("line ", "people: there are 3 approvers");
        assertThat(shell.run("access", "check", file, "--json").error()).isEqualTo("ACCESS_INVALID");
        file = written(rules());
        assertThat(shell.run("access", "check", file).endsWith(0).out()).isEqualTo("nothing is wrong with it\n");
        assertThat(shell.run("access", "show").endsWith(0).out()).startsWith("no rules of access are in force");
        assertThat(shell.run("access", "activate", file, "--json").endsWith(4).error())
                .isEqualTo("ACCESS_UNTRUSTED");
        shell.run("access", "sign", file).endsWith(2).saysWhatIsWrong("name the key to sign with");
        shell.run("access", "sign", file, "--key-file", key("bert")).endsWith(0);
        shell.run("access", "activate", file).endsWith(4).saysWhatIsWrong("1 have signed, and 2 have to");
        govern();

        JsonValue.Members shown = shell.json(as("d-4", "access", "show"));
        hasFields(shown, "version", "digest", "caller", "people", "emergencies");
        assertThat(shown.text("caller")).isEqualTo("dora");
        assertThat(list(shown, "people")).hasSize(5);
        assertThat(shell.run(as("d-4", "access", "show")).out())
                .contains("version 1, quorum 2; you are dora", "  carl  security-officer");
        assertThat(shell.run("access", "show").endsWith(0).out()).contains("whoever calls is not in them");
    }

    @Test
    void oneAloneDeletesNothingAndTwoOthersLetItHappenOnce() {
        govern();
        assertThat(shell.run(as("a-1", "forget", points.getFirst(), "--json"))
                        .endsWith(4)
                        .error())
                .isEqualTo("APPROVAL_NEEDED");
        shell.run("forget", points.getFirst()).endsWith(4).saysWhatIsWrong("name nobody");
        shell.run(as("a-1", "forget", "--keep-last", "1")).endsWith(4).saysWhatIsWrong("keeps less than daily=30");

        JsonValue.Members made = shell.json(as("a-1", "approval", "request", "forget", points.getFirst()));
        JsonValue.Members request = list(made, "approvals").getFirst();
        hasFields(request, "id", "operation", "state", "quorum", "signatures");
        assertThat(request.text("operation")).isEqualTo("forget");
        assertThat(request.text("state")).isEqualTo("PENDING");
        String id = request.text("id");
        assertThat(shell.run(as("a-1", "approval", "approve", id, "--key-file", key("anna"), "--json"))
                        .endsWith(4)
                        .error())
                .isEqualTo("APPROVAL_REFUSED");
        shell.run(as("b-2", "approval", "approve", id, "--key-file", key("bert")))
                .endsWith(0);
        shell.run(as("a-1", "forget", points.getFirst()))
                .endsWith(4)
                .saysWhatIsWrong("request " + id + " is PENDING, signed by 1");
        shell.run(as("c-3", "approval", "approve", id.substring(0, 8), "--key-file", key("cora")))
                .endsWith(0);
        assertThat(shell.run(as("c-3", "approval", "list")).out())
                .contains(id + "  READY  forget {snapshots=" + points.getFirst()
                        + "}, by anna: ticket 4711; signed by 2 of" + " 2 (bert, cora)");

        assertThat(shell.json(as("a-1", "forget", points.getFirst())).items("removed"))
                .hasSize(1);
        assertThat(shell.run(as("a-1", "approval", "list")).out()).contains("  USED  ");
        assertThat(shell.json(as("a-1", "snapshots")).items("snapshots")).hasSize(1);
        shell.run("audit", "verify").endsWith(4);
        assertThat(shell.json(as("d-4", "audit", "verify")).items("findings")).isEmpty();
    }

    @Test
    void aSignatureThatWasMadeElsewhereCounts() {
        govern();
        JsonValue.Members request = list(
                        shell.json(as("a-1", "approval", "request", "forget", "--keep-last", "1")), "approvals")
                .getFirst();

        Shell.Ran other = shell.run(as(
                "b-2",
                "approval",
                "approve",
                request.text("id"),
                "--signed-by",
                "0000000000000000",
                "--signature",
                "AAAA"));
        other.endsWith(4).saysWhatIsWrong("belongs to nobody");
        Approval.Signature made = Approval.Signature.of(
                ApprovalRequest.parse(request.text("text")).orElseThrow(),
                SigningKey.parse(Shell.read(Path.of(key("bert")))));
        assertThat(shell.run(as(
                                "c-3",
                                "approval",
                                "approve",
                                request.text("id"),
                                "--signed-by",
                                made.key(),
                                "--signature",
                                made.signature()))
                        .endsWith(0)
                        .out())
                .contains("signed by 1 of 2 (bert)");
        shell.run(as("b-2", "approval", "approve", request.text("id")))
                .endsWith(2)
                .saysWhatIsWrong("--signature and --signed-by");
        assertThat(request.text("text")).startsWith("{\"created\":");
    }

    @Test
    void whatIsNothingToApproveIsNotRequested() {
        govern();

        shell.run(as("a-1", "approval", "request", "snapshots"))
                .endsWith(2)
                .saysWhatIsWrong("nothing that others approve");
        shell.run(as("a-1", "approval", "request", "forget", "--keep-never"))
                .endsWith(2)
                .saysWhatIsWrong("--keep-never");
        shell.run(as("a-1", "approval", "request", "hold"))
                .endsWith(2)
                .saysWhatIsWrong("no command that does something");
        assertThat(shell.run(as("a-1", "approval", "list")).out()).isEqualTo("nothing was requested\n");
    }

    @Test
    void whoProvesNothingIsNobody() {
        govern();
        String old = Shell.write(
                        temp.resolve("old.token"),
                        provider.token("a-1", "medbackup", Instant.now().minusSeconds(600)))
                .toString();

        shell.run("--actor", "anna", "snapshots").endsWith(4).saysWhatIsWrong("name nobody");
        shell.run("--token-file", old, "snapshots").endsWith(2).saysWhatIsWrong("it has ended");
        shell.run("--token-file", temp.resolve("absent").toString(), "snapshots")
                .endsWith(2)
                .saysWhatIsWrong("cannot be read");
        shell.run(as("a-1", "--actor", "bert", "snapshots"))
                .endsWith(4)
                .saysWhatIsWrong("in the name of somebody else");
    }

    @Test
    void whoRestoresSaysWhyAndInAnEmergencySomebodyElseReviewsIt() {
        govern();
        String target = temp.resolve("out").toString();

        shell.run(as("a-1", "restore", "latest", "--target", target))
                .endsWith(4)
                .saysWhatIsWrong("no purpose of use");
        shell.run(as("a-1", "--purpose", "ETREAT", "restore", "latest", "--target", target))
                .endsWith(4)
                .saysWhatIsWrong("may not do `restore`");
        shell.run(as("a-1", "--purpose", "ETREAT", "--break-glass", "restore", "latest", "--target", target))
                .endsWith(0);
        JsonValue.Members seen =
                list(shell.json(as("d-4", "access", "show")), "emergencies").getFirst();
        hasFields(seen, "id", "person", "action", "time", "reviewBy", "reviewer");
        shell.run(as("a-1", "access", "review", seen.text("id"))).endsWith(4);
        assertThat(shell.run(as("d-4", "access", "review", seen.text("id")))
                        .endsWith(0)
                        .out())
                .isEqualTo("emergency " + seen.text("id") + " of anna is reviewed\n");
    }
}
