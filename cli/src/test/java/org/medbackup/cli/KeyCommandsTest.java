package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.cli.Shell.hasFields;
import static org.medbackup.cli.Shell.list;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.JsonValue;

/** The commands about keys: what they answer to people and to machines, by the names of the contract. */
class KeyCommandsTest {

    @TempDir
    Path temp;

    private Shell shell = new Shell(Path.of("nowhere"));
    /** With the owner's key file: a password is stretched at every call. */
    private Shell owner = shell;

    @BeforeEach
    void init() {
        shell = new Shell(temp);
        shell.run("init", "--kdf", "pbkdf2").endsWith(0);
        shell.run("key", "export-recovery", "--output", path("owning.key")).endsWith(0);
        owner = withKey(temp.resolve("owning.key"));
    }

    private Shell withKey(Path key) {
        var other = new Shell(temp);
        other.environment.remove("MEDBACKUP_PASSWORD");
        other.environment.put("MEDBACKUP_KEY_FILE", key.toString());
        return other;
    }

    private String path(String name) {
        return temp.resolve(name).toString();
    }

    @Test
    void keyListAnswersWithEveryKeyAndShowsNone() {
        JsonValue.Members json = owner.json("key", "list");

        List<JsonValue.Members> keys = list(json, "keys");
        assertThat(keys).hasSize(6).allSatisfy(key -> {
            hasFields(key, "id", "kind", "role", "name", "algorithm", "created", "state");
            assertThat(key.text("state")).isEqualTo("active");
        });
        assertThat(keys.getFirst().text("algorithm")).isEqualTo("PBKDF2-HMAC-SHA-512");
        assertThat(owner.run("key", "list").endsWith(0).out().lines())
                .hasSize(7)
                .anySatisfy(line -> assertThat(line).matches("signer-[0-9a-f]{16} +owner +active +Ed25519 +owner"));
    }

    @Test
    void keyAddRecipientWritesAKeyForARole() {
        JsonValue.Members json =
                owner.json("key", "add-recipient", path("reader.key"), "--role", "reader", "--name", "archive");

        assertThat(json.items("files")).hasSize(1);
        assertThat(list(json, "keys"))
                .anySatisfy(key -> assertThat(key.text("name")).isEqualTo("archive"));
        withKey(temp.resolve("reader.key")).run("snapshots").endsWith(0);
        assertThat(owner.run("key", "add-recipient", path("keep.key"), "--role", "maintainer")
                        .endsWith(0)
                        .out())
                .startsWith("maintainer's key in ")
                .contains("reads neither names nor data");
        withKey(temp.resolve("keep.key")).run("verify", "--level", "ciphertext").endsWith(0);
        withKey(temp.resolve("keep.key")).run("snapshots").endsWith(2).saysWhatIsWrong("maintainer's key");
        owner.run("key", "add-recipient", path("keep.key"), "--role", "reader")
                .endsWith(2)
                .saysWhatIsWrong("exists");
    }

    @Test
    void keyRotateTakesANewPasswordAndNewPairs() {
        Path password = Shell.write(temp.resolve("new"), "battery staple\n");

        JsonValue.Members json =
                shell.json("key", "rotate", "--new-password-file", password.toString(), "--kdf", "pbkdf2", "--pairs");

        assertThat(list(json, "keys"))
                .filteredOn(key -> key.text("state").equals("superseded"))
                .hasSize(3);
        shell.run("key", "list").endsWith(2).saysWhatIsWrong("password");
        shell.environment.put("MEDBACKUP_PASSWORD", "battery staple");
        assertThat(shell.run("key", "rotate", "--kdf", "pbkdf2").endsWith(0).out())
                .isEqualTo("the keys are wrapped again\n");
        assertThat(shell.run("key", "rotate", "--kdf", "pbkdf2", "--pairs")
                        .endsWith(0)
                        .out())
                .contains("new key pairs are in use");
    }

    @Test
    void recoverySharesAreWrittenAndJoined() {
        JsonValue.Members json =
                owner.json("key", "export-recovery", "--shares", "2", "--of", "3", "--output", path("shares"));
        assertThat(json.items("files")).hasSize(3);

        assertThat(owner.run(
                                "key",
                                "combine-recovery",
                                path("shares/share-3-of-3.txt"),
                                path("shares/share-1-of-3.txt"),
                                "--output",
                                path("owner.key"))
                        .endsWith(0)
                        .out())
                .startsWith("the owner's key in ");
        withKey(temp.resolve("owner.key")).run("snapshots").endsWith(0);
        owner.run("key", "combine-recovery", path("shares/share-3-of-3.txt"), "--output", path("other.key"))
                .endsWith(2)
                .saysWhatIsWrong("of 2 shares that are needed 1 are there");
        assertThat(Files.exists(temp.resolve("other.key"))).isFalse();
        assertThat(owner.run("key", "export-recovery", "--output", path("whole.key"))
                        .endsWith(0)
                        .out())
                .contains("lock it away");
        assertThat(owner.run("key", "export-recovery", "--shares", "2", "--of", "2", "--output", path("two"))
                        .endsWith(0)
                        .out())
                .contains("2 shares in ", "any 2 open");
    }

    @Test
    void keyRevokeTakesAKeyOutOfUse() {
        owner.run("key", "add-recipient", path("w.key"), "--role", "writer", "--name", "stolen")
                .endsWith(0);
        String id = list(owner.json("key", "list"), "keys").stream()
                .filter(key -> key.text("name").equals("stolen"))
                .findFirst()
                .orElseThrow()
                .text("id");

        JsonValue.Members json = owner.json("key", "revoke", id);

        assertThat(list(json, "keys"))
                .anySatisfy(key -> assertThat(key.text("state")).isEqualTo("revoked"));
        assertThat(owner.run("key", "revoke", id).endsWith(0).out()).isEqualTo(id + " signs no more\n");
        owner.run("key", "revoke", "signer-00").endsWith(2).saysWhatIsWrong("no signer has this id");
    }

    @Test
    void aWrongCallEndsWithTwo() {
        owner.run("key").endsWith(2).saysWhatIsWrong("key needs one of");
        owner.run("key", "add-recipient", path("x")).endsWith(2).saysWhatIsWrong("--role");
        owner.run("key", "add-recipient", path("x"), "--role", "owner")
                .endsWith(2)
                .saysWhatIsWrong("exported");
        owner.run("key", "export-recovery").endsWith(2).saysWhatIsWrong("--output");
        owner.run("key", "export-recovery", "--shares", "2", "--output", path("x"))
                .endsWith(2)
                .saysWhatIsWrong("go together");
        owner.run("key", "export-recovery", "--of", "2", "--output", path("x"))
                .endsWith(2)
                .saysWhatIsWrong("go together");
        owner.run("key", "export-recovery", "--shares", "1", "--of", "2", "--output", path("x"))
                .endsWith(2)
                .saysWhatIsWrong("two or more");
    }
}
