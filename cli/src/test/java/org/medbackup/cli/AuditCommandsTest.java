package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.ProvenEntry;
import org.medbackup.audit.TrailKey;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.merkle.InclusionProof;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.documents.JsonValue;

/** The commands of the audit trail. */
class AuditCommandsTest {

    @TempDir
    Path temp;

    private Shell shell;

    @BeforeEach
    void prepare() {
        shell = new Shell(temp).initialised();
        shell.write("note.txt", "seen at noon");
        Path file = Shell.write(temp.resolve("medbackup.yaml"), """
                targets: {vault: {location: "%s"}, attic: {location: "%s"}}
                jobs: {ward: {paths: ["%s"], copies: [vault]}}
                """.formatted(
                        temp.resolve("vault"), temp.resolve("attic"), shell.source()));
        shell.environment.put("MEDBACKUP_CONFIG", file.toString());
    }

    private static List<String> texts(JsonValue.Members json, String list, String field) {
        return json.items(list).stream()
                .map(each -> ((JsonValue.Members) each).text(field))
                .toList();
    }

    @Test
    void whatTheTargetsKeepIsComparedAndTold() {
        shell.run("run").endsWith(0);

        JsonValue.Members json = shell.json("audit", "verify", "--anchors");
        assertThat(json.values()).containsEntry("valid", new JsonValue.Truth(true));
        assertThat(texts(json, "anchors", "target")).containsExactly("repository", "attic", "vault");
        JsonValue.Members repository = (JsonValue.Members) json.items("anchors").getFirst();
        assertThat(repository.whole("checkpoints")).isEqualTo(1);
        assertThat(repository.whole("entries")).isPositive().isLessThanOrEqualTo(json.whole("entries"));
        assertThat(shell.run("audit", "verify", "--anchors").endsWith(0).out())
                .contains("intact", "vault: 1 checkpoints kept, the largest of ");
    }

    @Test
    void aTrailThatWasSetBackEndsWithFiveAndItsCode() throws IOException {
        shell.run("snapshots").endsWith(0);
        Path audit = temp.resolve("state/audit");
        shell.run("run").endsWith(0);
        try (Stream<Path> files = Files.walk(audit)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
        shell.run("snapshots").endsWith(0);

        shell.run("audit", "verify").endsWith(0);
        Shell.Ran found = shell.run("audit", "verify", "--anchors", "--json").endsWith(5);
        assertThat(texts(found.json(), "findings", "code")).contains("AUDIT_ROLLBACK");
    }

    @Test
    void aPlaceThatCannotBeAskedIsTold() {
        shell.run("snapshots").endsWith(0);
        shell.environment.put("MEDBACKUP_REPO", "nosuch://place");

        JsonValue.Members json = shell.json("audit", "verify", "--anchors");
        assertThat(((JsonValue.Members) json.items("anchors").getFirst()).text("code"))
                .isEqualTo("LOCATION_UNSUPPORTED");
        assertThat(shell.run("audit", "verify", "--anchors").endsWith(0).out())
                .contains("repository: could not be asked, LOCATION_UNSUPPORTED");
    }

    @Test
    void anEntryIsTakenOutWithItsProof() {
        shell.run("snapshots").endsWith(0);

        JsonValue.Members json = shell.json("audit", "prove", "1");
        TrailKey key = TrailKey.parse(String.join("\n", texts(json, "keys"))).orElseThrow();
        TreeHead head = key.head(json.text("checkpoint")).orElseThrow();
        JsonValue.Members proof = json.members("proof");
        List<Hash> path = texts(proof, "path").stream().map(Hash::parse).toList();
        var proven = new ProvenEntry(
                json.text("record"), new InclusionProof(proof.whole("index"), proof.whole("size"), path));

        assertThat(proven.isIn(head)).isTrue();
        assertThat(proven.entry().orElseThrow().index()).isEqualTo(1);
        assertThat(shell.run("audit", "prove", "0").endsWith(0).out()).contains("is entry 0 of ", "medbackup/audit/");
        shell.run("audit", "prove", "99999").endsWith(2).saysWhatIsWrong("no entry of this number");
    }

    private static List<String> texts(JsonValue.Members json, String list) {
        return json.items(list).stream()
                .map(each -> ((JsonValue.Text) each).value())
                .toList();
    }
}
