package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.cli.Shell.first;
import static org.medbackup.cli.Shell.hasFields;
import static org.medbackup.cli.Shell.list;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.engine.LockResult;
import org.medbackup.service.LockOperations.Locked;

/** The commands of tiers, locks and cold storage. */
class TierCommandsTest {

    @TempDir
    Path temp;

    private Shell shell = new Shell(Path.of("."));

    @BeforeEach
    void fill() {
        shell = new Shell(temp).filled();
    }

    @Test
    void targetListNamesWhatLiesAtEachAndNoOptionsOfItsLocation() {
        Path file = Shell.write(temp.resolve("medbackup.yaml"), """
                targets:
                  locked: {location: "s3://clinic/vault?endpoint=https://s3.example&lock=compliance"}
                  second: {location: "%s"}
                jobs: {ward: {paths: ["%s"], copies: [second], spill: second}}
                policy: {tiers: {vault: locked}}
                """.formatted(temp.resolve("second"), shell.source()));
        shell.environment.put("MEDBACKUP_CONFIG", file.toString());

        JsonValue.Members json = shell.json("target", "list");

        List<JsonValue.Members> targets = list(json, "targets");
        assertThat(targets).allSatisfy(each -> hasFields(each, "name", "location", "tiers", "copies", "spills"));
        assertThat(targets.getFirst().text("location")).isEqualTo("s3://clinic/vault");
        assertThat(targets.getFirst().items("tiers")).containsExactly(new JsonValue.Text("vault"));
        assertThat(targets.getLast().items("copies")).containsExactly(new JsonValue.Text("ward"));
        assertThat(shell.run("target", "list").endsWith(0).out())
                .contains("locked  s3://clinic/vault  tiers vault", "copies of ward  spill of ward");
        assertThat(shell.json("target", "probe", "second")
                        .members("capabilities")
                        .values())
                .containsKey("putIfAbsent");
    }

    @Test
    void withoutTargetsThereIsNothingToList() {
        assertThat(shell.run("target", "list").endsWith(0).out()).contains("no targets");
    }

    @Test
    void locksOfATargetThatHasNoneAreToldAsThatWithARemedy() {
        for (String command : List.of("report", "extend")) {
            Shell.Ran ran = shell.run("worm", command, "--json").endsWith(2);
            assertThat(ran.error()).isEqualTo("LOCKS_UNAVAILABLE");
            assertThat(ran.json().members("error").text("remedy")).contains("lock=compliance");
        }
    }

    @Test
    void locksAreSaidForEachRestorePoint() {
        Instant until = Instant.parse("2030-02-01T00:00:00.5Z");
        Answer answer = LocksAnswer.of(List.of(
                new Locked("ward", new LockResult("ab".repeat(16), 9, 9, 2, Optional.of(until))),
                new Locked("lab", new LockResult("cd".repeat(16), 9, 8, 0, Optional.empty()))));

        JsonValue.Members json = Json.parseMembers(Json.write(JsonValue.of(answer.document())));

        assertThat(json.find("whole")).hasValue(new JsonValue.Truth(false));
        JsonValue.Members one = first(json, "snapshots");
        hasFields(one, "id", "source", "objects", "locked", "extended", "until", "whole");
        assertThat(one.text("until")).isEqualTo(until.toString());
        assertThat(list(json, "snapshots").getLast().find("until")).isEmpty();
        assertThat(String.join("\n", answer.lines()))
                .contains(
                        "abababab  9 of 9 objects are locked until 2030-02-01T00:00:00Z at least, 2 longer than before")
                .contains("cdcdcdcd  8 of 9 objects are locked");
        assertThat(LocksAnswer.of(List.of()).lines()).containsExactly("no restore points");
    }

    @Test
    void aRecallPlanOfWhatCanBeReadSaysThatARestoreCanBegin() {
        JsonValue.Members json = shell.json("recall", "plan", "latest");

        hasFields(json, "snapshot", "readable", "coming", "cold", "ready");
        assertThat(json.members("readable").whole("packs")).isPositive();
        assertThat(json.members("cold").whole("packs")).isZero();
        assertThat(shell.run("recall", "plan", "latest").endsWith(0).out()).contains("a restore can begin at once");
        assertThat(shell.run("recall", "plan", "latest", "--include", "/not/there", "--json")
                        .endsWith(2)
                        .error())
                .isEqualTo("PATH_NOT_IN_SNAPSHOT");
    }

    @Test
    void aRestoreMayBeToldToRecallAlsoWhereNothingIsCold() {
        Path out = temp.resolve("out");

        shell.run("restore", "latest", "--target", out.toString(), "--recall", "bulk", "--recall-wait", "2d")
                .endsWith(0);

        assertThat(out).isNotEmptyDirectory();
        assertThat(shell.run("restore", "latest", "--target", out.toString(), "--recall", "soon")
                        .endsWith(2)
                        .err())
                .contains("--recall");
    }

    @Test
    void aKeyDomainIsMadeOnce() {
        shell.password(Shell.PASSWORD);
        JsonValue.Members json = shell.json("key", "add-domain", "part2", "--kdf", "pbkdf2");

        assertThat(list(json, "keys").stream().map(JsonValue.Members::values).map(Map::toString))
                .anyMatch(each -> each.contains("part2"));
        Shell.Ran again = shell.run("key", "add-domain", "part2", "--kdf", "pbkdf2", "--json")
                .endsWith(2);
        assertThat(again.json().members("error").text("message")).contains("of this name");
        assertThat(shell.run("key", "add-domain", "Part 2").endsWith(2).err()).contains("1 to 63");
        shell.run("verify", "--level", "content").endsWith(0);
    }

    @Test
    void reconcileSaysThatNothingIsMissingOrWhatIsAndWhy() {
        JsonValue.Members none = shell.json("tier", "reconcile");
        String snapshot = shell.snapshotIds().getFirst();
        Shell.write(temp.resolve("state/copies/" + snapshot + "@gone"), "\n2026-01-01T00:00:00Z\n");

        Shell.Ran missing = shell.run("tier", "reconcile", "--json").endsWith(3);

        assertThat(none.items("copies")).isEmpty();
        assertThat(shell.run("tier", "reconcile").endsWith(3).out())
                .contains(snapshot.substring(0, 8) + " from repository to gone: missing", "1 copies are still missing");
        JsonValue.Members copy = first(missing.json(), "copies");
        hasFields(copy, "snapshot", "from", "to", "since", "state", "error");
        assertThat(copy.text("error")).isEqualTo("CONFIGURATION_INVALID");
        assertThat(missing.json().whole("missing")).isEqualTo(1);
    }
}
