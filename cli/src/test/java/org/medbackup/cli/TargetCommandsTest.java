package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.service.TargetCapabilities;

/** The commands that work on another target than the repository. */
class TargetCommandsTest {

    @TempDir
    Path temp;

    @Test
    void copyAnswersWithPacksAndBytes() {
        Shell shell = new Shell(temp).filled();
        Path copy = temp.resolve("copy");

        JsonValue.Members json = shell.json("copy", "latest@ward", "--to", copy.toString());

        assertThat(json.values().keySet())
                .containsExactly("ok", "snapshot", "packs", "bytes", "committed", "damaged", "seconds");
        assertThat(json.members("packs").values().keySet()).containsExactly("copied", "present");
        assertThat(json.members("packs").whole("copied")).isPositive();
        assertThat(json.whole("bytes")).isPositive();
        assertThat(json.items("damaged")).isEmpty();
        Shell.isDuration(json, "seconds");
        assertThat(shell.run("copy", "latest@ward", "--to", copy.toString())
                        .endsWith(0)
                        .out())
                .startsWith("copied restore point " + json.text("snapshot").substring(0, 8) + ": 0 packs copied, ");
        shell.environment.put("MEDBACKUP_REPO", copy.toString());
        assertThat(shell.snapshotIds()).containsExactly(json.text("snapshot"));
        shell.run("verify", "--level", "ciphertext").endsWith(0);
    }

    @Test
    void aCopyThatMeetsDamageEndsWith5AndNamesIt() {
        Shell shell = new Shell(temp).filled();
        shell.damagePacks();
        String copy = temp.resolve("copy").toString();

        Shell.Ran json =
                shell.run("copy", "latest@ward", "--to", copy, "--json").endsWith(5);
        Shell.Ran text = shell.run("copy", "latest@ward", "--to", copy).endsWith(5);

        assertThat(json.error()).isEqualTo("OBJECT_DAMAGED");
        JsonValue.Members damage = Shell.first(json.json(), "damaged");
        assertThat(damage.text("object")).startsWith("d/");
        assertThat(damage.items("snapshots")).hasSize(1);
        assertThat(json.json().values()).containsEntry("committed", new JsonValue.Truth(false));
        assertThat(text.out()).contains("damaged: d/", "did not copy restore point ");
    }

    @Test
    void aCopyThatLosesNothingSaysThatTheDamageWasMadeGood() throws Exception {
        Shell shell = new Shell(temp).filled();
        Path twin;
        try (var packs = Files.walk(shell.repository().resolve("keys.2"))) {
            twin = packs.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(twin);
        bytes[40] ^= 1;
        Files.delete(twin);
        Files.write(twin, bytes);

        Shell.Ran ran = shell.run(
                        "copy", "latest@ward", "--to", temp.resolve("copy").toString())
                .endsWith(5);

        assertThat(ran.out()).contains("costs nothing", "copied restore point ");
        assertThat(ran.err()).contains("was copied from elsewhere");
    }

    @Test
    void copyOfWhatWasForgottenAtTheTargetIsRefusedAndEndsWith4() {
        Shell shell = new Shell(temp).filled();
        String copy = temp.resolve("copy").toString();
        String first = shell.snapshotIds().getFirst();
        shell.run("copy", first, "--to", copy).endsWith(0);
        shell.run("copy", "latest@ward", "--to", copy).endsWith(0);
        shell.run("--repo", copy, "forget", first).endsWith(0);

        Shell.Ran refused = shell.run("copy", first, "--to", copy, "--json").endsWith(4);

        assertThat(refused.error()).isEqualTo("COPY_GIVEN_UP");
        assertThat(refused.json().members("error").text("remedy")).contains("another target");
    }

    @Test
    void copyNeedsATarget() {
        new Shell(temp).run("copy", "latest").endsWith(2).saysWhatIsWrong("--to");
    }

    @Test
    void targetProbeAnswersWithWhatWasSeen() {
        var shell = new Shell(temp);
        String target = temp.resolve("target").toString();

        JsonValue.Members json = shell.json("target", "probe", target);

        assertThat(json.values().keySet()).containsExactly("ok", "location", "capabilities", "throughput", "left");
        JsonValue.Members capabilities = json.members("capabilities");
        assertThat(capabilities.members("putIfAbsent").values())
                .containsEntry("atomic", new JsonValue.Truth(true))
                .containsEntry("refusesExisting", new JsonValue.Truth(true));
        assertThat(capabilities.members("checksum").values())
                .containsEntry("wrongRejected", new JsonValue.Truth(false));
        assertThat(capabilities.members("worm").values().keySet())
                .containsExactly(
                        "configured", "supported", "setInPut", "deleteDenied", "shortenDenied", "extendAllowed");
        assertThat(capabilities.members("worm").values().values()).containsOnly(new JsonValue.Truth(false));
        assertThat(capabilities.members("recall").values().keySet())
                .containsExactly("configured", "supported", "coldReadRefused", "requested");
        assertThat(capabilities.members("recall").values().values()).containsOnly(new JsonValue.Truth(false));
        assertThat(capabilities.members("listing").values())
                .containsEntry("paged", new JsonValue.Truth(false))
                .containsEntry("ordered", new JsonValue.Truth(true));
        assertThat(capabilities.members("delete").values()).containsEntry("denied", new JsonValue.Truth(false));
        assertThat(capabilities.members("list").values()).containsEntry("complete", new JsonValue.Truth(true));
        assertThat(capabilities.members("read").values()).containsEntry("ranges", new JsonValue.Truth(true));
        assertThat(json.members("throughput").whole("write")).isPositive();
        assertThat(json.members("throughput").whole("read")).isPositive();
        assertThat(json.whole("left")).isZero();
        assertThat(shell.run("target", "probe", target).endsWith(0).out().lines())
                .contains(
                        "yes  of 24 writers at a time exactly one wins",
                        "no   bytes with a wrong checksum are refused",
                        "     locks were not tried: the location asks for none",
                        "     cold storage was not tried: the location is none");
    }

    @Test
    void whatATargetCannotDoIsSaidToPeople() {
        var capabilities = new TargetCapabilities(
                "s3://b",
                false,
                false,
                false,
                true,
                new TargetCapabilities.Listing(true, true, true),
                true,
                new TargetCapabilities.Worm(true, true, false, true, true),
                new TargetCapabilities.Cold(true, false, false, false),
                new TargetCapabilities.Throughput(1, 1),
                new TargetCapabilities.Left(3, Instant.parse("2030-01-01T00:05:00.5Z")));

        Answer answer = TargetProbeCommand.answer(capabilities);
        JsonValue.Members json = Json.parseMembers(Json.write(JsonValue.of(answer.document())));

        assertThat(answer.lines())
                .contains(
                        "no   of 24 writers at a time exactly one wins",
                        "no   a locked object cannot be deleted",
                        "no   what is put there lies cold",
                        "do not keep a repository here: two writers can overwrite each other",
                        "do not rely on locks here: the location asks for them, and they do not hold",
                        "cold storage was not tried to its end: what was put there can be read at once",
                        "3 objects below .probe/ remain, since the target keeps them",
                        "the lock of the probe ends at 2030-01-01T00:05:00Z; the object can be deleted then");
        assertThat(json.text("leftUntil")).isEqualTo("2030-01-01T00:05:00.500Z");
        assertThat(json.members("capabilities").members("worm").values())
                .containsEntry("supported", new JsonValue.Truth(true))
                .containsEntry("deleteDenied", new JsonValue.Truth(false));
        assertThat(json.members("capabilities").members("delete").values())
                .containsEntry("denied", new JsonValue.Truth(true));
    }

    @Test
    void targetAloneIsAWrongCall() {
        new Shell(temp).run("target").endsWith(2).saysWhatIsWrong("probe");
    }
}
